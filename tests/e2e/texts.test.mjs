// What people paste: long code and long words widen no page, lines stay lines, and a title comes from the first line in plain words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, launch, person } from './browser.mjs';

const PARAGRAPH = 'Звичайний абзац із відступом, вставлений з документа. '.repeat(8);

test('what is pasted widens no page and keeps its lines', async () => {
	const browser = await launch();
	try {
		for (const width of [390, 1280]) {
			const author = await person(browser, { handle: 'kyiv-reader-1', width });
			const body = `Вступ.\n\n\t${PARAGRAPH}\n\n\`\`\`\n${'x'.repeat(300)}\n\`\`\`\n\n${'довге'.repeat(80)}\n• один\n– два`;
			const made = await author.call('POST', '/frameworks/ukraine-2025/points/5/threads', { title: `Ширина ${width}`, body, kind: 'remark', language: 'uk' });
			assert.equal(made.status, 201, JSON.stringify(made.body));
			const { page } = author;
			await page.goto(`/points/5?thread=${made.body.thread.id}`);
			const code = page.locator('.text pre').first();
			await code.waitFor();
			assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
			assert.ok(await code.evaluate((pre) => pre.scrollWidth > pre.clientWidth));
			assert.match(await page.locator('.text', { hasText: '• один' }).first().innerText(), /\n• один\n– два/);
			await author.context.close();
		}
	} finally {
		await browser.close();
	}
});

test('a thread without a title is called by the plain words of its first line', async () => {
	const browser = await launch();
	try {
		const { page } = await person(browser, { handle: 'kyiv-reader-2' });
		await page.goto('/points/6');
		await page.locator('details.sheet summary', { hasText: 'thread' }).first().click();
		await page.locator('details.sheet[open] textarea').first().fill('**Важливо**: > 50 % [посилання](https://a.example) _так_\nдруге');
		await page.locator('details.sheet[open] button', { hasText: /^Post$/ }).click();
		const understood = page.getByRole('button', { name: 'I understand' });
		const title = page.getByText('Важливо: > 50 % посилання так', { exact: true }).first();
		await eventually('the thread shows', async () => {
			if (await understood.isVisible()) await understood.click();
			return title.isVisible();
		});
	} finally {
		await browser.close();
	}
});
