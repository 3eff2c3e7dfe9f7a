// A server of a test's own.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { eventually } from './browser.mjs';

export const freePort = () =>
	new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});

/** Starts a demo on a folder and waits until it is ready. */
export async function start(folder, port, ...more) {
	const where = ['--bind', `127.0.0.1:${port}`, '--data-dir', folder];
	const child = spawn(process.env.DEMARCHE_BINARY, ['serve', '--demo', ...where, '--budgets', 'off', ...more]);
	await eventually('the server is ready', () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false));
	return child;
}
