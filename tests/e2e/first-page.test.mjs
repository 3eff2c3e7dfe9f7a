// What a first page fetches, and what becomes of one whose parts cannot be had.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './browser.mjs';

const PARTS = '**/_app/immutable/{nodes,chunks}/*.js';
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('a first page asks the interface for what is counted, and for nothing twice: the rest comes with it', async () => {
	const { page, context, call } = await person(browser);
	const asked = [];
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	const [question] = (await call('GET', '/frameworks/ukraine-2025')).body.questions;
	const [card] = (await call('GET', `/questions/${question.id}/concessions`)).body.items;
	const counted = [`/api/v1/questions/${question.id}/tally`];
	for (const [path, there, needs] of [
		['/', 'main article', []],
		['/framework', 'main h1', []],
		['/points/5', '#discussion-title', []],
		[`/cards/${card.id}`, '#discussion-title', counted],
		[`/?question=${question.id}&view=board`, '#board-title', [`/api/v1/questions/${question.id}/concessions`, ...counted]],
	]) {
		asked.length = 0;
		await page.goto(path);
		await page.locator(there).first().waitFor();
		await page.waitForLoadState('networkidle');
		assert.deepEqual(asked.filter((address) => address.startsWith('/api/')).toSorted(), needs, path);
		assert.ok(asked.length <= 15 + needs.length, `${path}: ${asked.join(' ')}`);
	}
	await context.close();
});

test('a part of a page that comes later is no connection either, and can be tried again', async () => {
	const { page, context } = await person(browser);
	await page.goto('/');
	await page.locator('main article').first().waitFor();
	await page.route(PARTS, (route) => route.abort());
	await page.getByRole('link', { name: 'Results', exact: true }).click();
	await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
	await page.unroute(PARTS);
	await page.getByRole('button', { name: 'Try again' }).click();
	await page.getByRole('heading', { level: 2, name: 'What people could live with' }).waitFor();
	await context.close();
});

test('a language whose words cannot be fetched leaves the page in its own', async () => {
	const { page, context } = await person(browser);
	const faults = [];
	page.on('pageerror', (error) => faults.push(error.message));
	await page.goto('/');
	await page.locator('main article').first().waitFor();
	await page.route(PARTS, (route) => route.abort());
	const language = page.getByLabel('Language');
	await language.selectOption('ru');
	await page.getByText('The server cannot be reached.').waitFor({ state: 'attached' });
	assert.equal(await language.inputValue(), 'en');
	await page.getByText('Proposal 1 of 5', { exact: true }).waitFor();
	assert.deepEqual(faults, []);
	await context.close();
});

test('a part of the app that cannot be fetched is no connection, and the page can be tried again', async () => {
	const { page, context } = await person(browser);
	await page.goto('/');
	await page.locator('main article').first().waitFor();
	await page.route(PARTS, (route) => route.abort());
	await page.locator('header a[href="/lineage"]').click();
	await page.getByRole('heading', { level: 1, name: 'No connection' }).waitFor();
	await page.unroute(PARTS);
	await page.getByRole('button', { name: 'Try again' }).click();
	await page.waitForURL('**/lineage');
	await page.getByRole('heading', { level: 1, name: 'How 28 points became 20' }).waitFor();
	await context.close();
});

for (const [what, link, heading] of [
	['a page', 'header a[href="/lineage"]', 'How 28 points became 20'],
	['a part of one', 'nav.tabs a[href*="view=board"]', 'What people could live with'],
])
	test(`${what} that is of yesterday loads itself anew where its files are gone`, async () => {
		const { page, context } = await person(browser);
		await page.goto('/');
		await page.locator('main article').first().waitFor();
		await page.evaluate(() => (globalThis.ofYesterday = true));
		await page.route(PARTS, (route) => route.fulfill({ status: 404 }));
		await page.route('**/_app/version.json', async (route) => {
			// From here on the server is the new one, with all its parts.
			await page.unroute(PARTS);
			await route.fulfill({ json: { version: 'of-today' } });
		});
		await page.locator(link).click();
		await page.waitForFunction(() => !globalThis.ofYesterday);
		await page.getByRole('heading', { name: heading }).waitFor();
		assert.equal(await page.getByText(/No connection|cannot be reached/).count(), 0);
		await context.close();
	});

test('what browsers ask for by name is there', async () => {
	const { context } = await person(browser);
	for (const [path, kind] of [
		['/favicon.ico', /icon/],
		['/favicon.svg', /svg/],
		['/manifest.webmanifest', /json/],
		['/icon-192.png', /png/],
		['/icon-512.png', /png/],
		['/share.png', /png/],
		['/robots.txt', /text\/plain/],
		['/sitemap.xml', /xml/],
	]) {
		const answer = await context.request.get(path);
		assert.equal(answer.status(), 200, path);
		assert.match(answer.headers()['content-type'], kind, path);
	}
	await context.close();
});
