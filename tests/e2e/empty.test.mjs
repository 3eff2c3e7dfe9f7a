// A site before anything is in it, and one with a document and no proposals: every page says so, and none lies or fails.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually, launch, person } from './browser.mjs';
import { freePort } from './server.mjs';

const routes = new URL('../../frontend/src/routes/', import.meta.url).pathname;
/** Every page there is, with something in place of what its address names. */
const paths = readdirSync(routes, { recursive: true })
	.filter((file) => file.endsWith('+page.svelte'))
	.map((file) => `/${file.slice(0, -'+page.svelte'.length)}`.replace(/(.)\/$/, '$1'))
	.map((path) => path.replace('[key]', 'about').replace('[kind]', 'comment').replace('[number]', '1').replace('[round]', '1').replace(/\[\w+\]/g, '01a00000-0000-7000-8000-000000000000'));

/** Runs something on a server of its own, with a framework file where one is named. */
async function on(file, look) {
	const folder = mkdtempSync(join(tmpdir(), 'demarche-'));
	const port = await freePort();
	const where = ['--bind', `127.0.0.1:${port}`, '--data-dir', folder, '--budgets', 'off'];
	if (file) {
		writeFileSync(join(folder, 'framework.json'), JSON.stringify(file));
		const done = spawnSync(process.env.DEMARCHE_BINARY, ['import', join(folder, 'framework.json'), '--data-dir', folder]);
		assert.equal(done.status, 0, String(done.stderr));
	}
	const server = spawn(process.env.DEMARCHE_BINARY, ['serve', ...where]);
	const browser = await launch();
	try {
		await eventually('the server is ready', () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false));
		await look(await person(browser, { base: `http://127.0.0.1:${port}`, width: 390 }));
	} finally {
		await browser.close();
		server.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true });
	}
}

test('on a site without a document every page has a heading, and none fails', async () => {
	await on(null, async ({ page }) => {
		const failed = [];
		page.on('pageerror', (error) => failed.push(error.message));
		page.on('response', (answer) => answer.url().includes('frameworks/') && answer.status() >= 400 && failed.push(answer.url()));
		for (const path of paths) {
			await page.goto(path);
			await page.locator('main h1').waitFor({ state: 'attached' });
			await page.waitForLoadState('networkidle');
			const said = await page.getByRole('main').innerText();
			assert.doesNotMatch(said, /could not be loaded|You have judged|Read the framework|Something went wrong/, `${path}: ${said}`);
		}
		assert.deepEqual(failed, []);
	});
});

test('where nobody has proposed anything yet, nobody is told that they have judged it all', async () => {
	const { default: shipped } = await import('../../frameworks/ukraine-2025.json', { with: { type: 'json' } });
	await on(shipped, async ({ page, call }) => {
		const [question] = (await call('GET', '/frameworks/ukraine-2025')).body.questions;
		for (const view of ['', '&view=board', '&view=order']) {
			await page.goto(`/?question=${question.id}${view}`);
			await page.getByText('There are no proposals to judge yet').waitFor();
			assert.doesNotMatch(await page.getByRole('main').innerText(), /You have judged|First judge five proposals/);
		}
	});
});
