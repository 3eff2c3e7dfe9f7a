// The site inside a frame of another site, where a browser keeps the session from it, and inside one of its own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { freePort, start } from './server.mjs';

let browser, host, hosting, server, site;
const folder = mkdtempSync(join(tmpdir(), 'demarche-'));
before(async () => {
	// A page of somebody else's that shows what its address names.
	host = createServer((request, answer) => {
		const shown = new URL(request.url, 'http://host').searchParams.get('show');
		answer.setHeader('Content-Type', 'text/html');
		answer.end(`<!doctype html><title>Host</title><iframe src="${shown}" width="390" height="800"></iframe>`);
	});
	await new Promise((ready) => host.listen(0, '127.0.0.1', ready));
	hosting = host.address().port;
	const port = await freePort();
	site = `http://127.0.0.1:${port}`;
	// By name it is another site than by number, as far as browsers go.
	server = await start(folder, port, '--frame-ancestors', `http://localhost:${hosting} http://127.0.0.1:${hosting}`);
	browser = await launch();
});
after(async () => {
	await browser?.close();
	host.close();
	server?.kill('SIGKILL');
	rmSync(folder, { recursive: true, force: true });
});

/** Somebody who sees a page of the site inside a page of this host. */
async function framed(name, path) {
	const context = await browser.newContext({ locale: 'en' });
	const page = await context.newPage();
	await page.goto(`http://${name}:${hosting}/?show=${encodeURIComponent(site + path)}`);
	return { context, page, inside: page.frameLocator('iframe') };
}

test('inside another site one reads and tries, and is sent to a window of its own to sign in', async () => {
	const { context, page, inside } = await framed('localhost', '/');
	await inside.getByText('Proposal 1 of 5', { exact: true }).waitFor();
	for (let n = 1; n <= 5; n++) {
		await inside.getByText(`Proposal ${n} of 5`, { exact: true }).waitFor();
		await inside.getByRole('button', { name: 'Yes', exact: true }).press('1');
		await inside.getByRole('button', { name: 'Likely', exact: true }).press('1');
	}
	await inside.getByRole('radio', { name: /^I would rather not say/ }).click();
	await inside.getByRole('button', { name: 'Continue without a viewpoint' }).click();
	await inside.getByRole('button', { name: 'Save my answers so they count' }).click();
	const told = inside.getByText('You are reading this inside another site');
	await told.waitFor();
	for (const path of ['/sign-in', '/register']) {
		const other = await framed('localhost', path);
		const out = other.inside.getByRole('link', { name: 'Open in its own window' });
		await out.waitFor();
		assert.equal(await other.inside.locator('input[type=password]').count(), 0);
		const [alone] = await Promise.all([other.context.waitForEvent('page'), out.click()]);
		await alone.locator('input[type=password]').waitFor();
		assert.equal(alone.url(), site + path);
		await other.context.close();
	}
	assert.equal(await page.title(), 'Host');
	await context.close();
});

test('inside a page of its own site one signs in', async () => {
	const { context, inside } = await framed('127.0.0.1', '/sign-in');
	await inside.locator('input[type=password]').waitFor();
	assert.equal(await inside.getByText('inside another site').count(), 0);
	await context.close();
});
