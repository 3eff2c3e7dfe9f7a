// A real browser on a running demo: people with their own contexts, and what they share.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const { chromium } = require('playwright-core');
export const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const url = process.env.DEMARCHE_URL;
const data = process.env.DEMARCHE_DATA;

export const launch = () =>
	chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
	});

/** The password of one of the demo's accounts. */
export function password(handle, folder = data) {
	const lines = readFileSync(join(folder, 'demo-accounts.txt'), 'utf8').split('\n');
	return lines.find((line) => line.startsWith(`${handle}\t`)).split('\t')[1];
}

/** Somebody with a browser of their own; signed in where a handle is given. */
export async function person(browser, { handle, lang = 'en', width = 1280, base = url, folder = data } = {}) {
	const context = await browser.newContext({ baseURL: base, locale: lang, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
	await context.addInitScript((chosen) => localStorage.setItem('demarche.locale', JSON.stringify(chosen)), lang);
	if (handle) {
		const answer = await context.request.post('/api/v1/session', {
			data: { handle, password: password(handle, folder) },
			headers: { Origin: base },
		});
		if (!answer.ok()) throw new Error(`signing in as ${handle}: ${answer.status()} ${await answer.text()}`);
	}
	const call = async (method, path, body) => {
		const answer = await context.request.fetch(`/api/v1${path}`, { method, data: body, headers: { Origin: base } });
		return { status: answer.status(), body: await answer.json() };
	};
	return { context, call, page: await context.newPage() };
}

/** Waits until something holds. */
export async function eventually(what, holds) {
	const deadline = Date.now() + 20_000;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error(`it never came about: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
