// A draft outlives the server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually, launch, person } from './browser.mjs';
import { freePort, start } from './server.mjs';

test('a draft survives a killed server and is posted once when it is back', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'demarche-'));
	const port = await freePort();
	let server = await start(folder, port);
	const browser = await launch();
	try {
		const author = await person(browser, { handle: 'kyiv-reader-1', base: `http://127.0.0.1:${port}`, folder });
		const made = await author.call('POST', '/frameworks/ukraine-2025/points/9/threads', {
			title: 'Where a draft waits',
			body: 'First.',
			kind: 'remark',
			language: 'en',
		});
		const thread = made.body.thread.id;
		const { page } = author;
		await page.goto(`/points/9?thread=${thread}`);
		const box = page.locator('textarea:visible').first();
		await box.fill('Written while nobody listened.');
		server.kill('SIGKILL');
		const understood = page.getByRole('button', { name: 'I understand' });
		await page.locator('button:visible', { hasText: /^Post$/ }).first().click();
		if (await understood.isVisible()) {
			await understood.click();
			const post = page.locator('button:visible', { hasText: /^Post$/ }).first();
			if (await post.isVisible()) await post.click();
		}
		server = await start(folder, port);
		const comments = async () => (await author.call('GET', `/threads/${thread}`)).body.comments.items.map((comment) => comment.body);
		await eventually('the draft is posted', async () => {
			const there = await comments();
			if (there.includes('Written while nobody listened.')) return true;
			const post = page.locator('button:visible', { hasText: /^Post$/ }).first();
			if ((await box.isVisible()) && (await box.inputValue()) !== '' && (await post.isEnabled())) await post.click().catch(() => {});
			return false;
		});
		await new Promise((resolve) => setTimeout(resolve, 500));
		assert.deepEqual(await comments(), ['First.', 'Written while nobody listened.']);
	} finally {
		await browser.close();
		server.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true });
	}
});
