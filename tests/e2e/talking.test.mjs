// Writing and reading threads: where the focus goes, what is told when something is refused, and what is kept.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, launch, person } from './browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const slug = 'ukraine-2025';
const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.tagName);
const waitFocus = (page, words) => eventually(`the focus is at ${words}, not at ${0}`, async () => (await focused(page)).startsWith(words));

/** Starts a thread with comments of its author; gives its id. */
async function thread(author, point, ...bodies) {
	const [first, ...rest] = bodies;
	const made = await author.call('POST', `/frameworks/${slug}/points/${point}/threads`, { title: 'A thread', body: first, kind: 'remark', language: 'en' });
	assert.equal(made.status, 201, JSON.stringify(made.body));
	const { id } = made.body.thread;
	for (const body of rest) assert.equal((await author.call('POST', `/threads/${id}/comments`, { body, kind: 'remark', language: 'en' })).status, 201);
	return id;
}

/** Says at once that the rules were read, so that tests are about what comes after. */
const hasRead = (someone) => someone.context.addInitScript(() => localStorage.setItem('demarche.read-before-writing', 'true'));

test('the keyboard stays where it was: reply, cancel, edit, save, delete', async () => {
	const author = await person(browser, { handle: 'kyiv-reader-1' });
	await hasRead(author);
	const { page } = author;
	const id = await thread(author, 11, 'The first comment.', 'The second comment.');
	await page.goto(`/points/11?thread=${id}`);
	const comment = (words) => page.locator('article.comment', { hasText: words });
	const press = async (button) => {
		await button.focus();
		await page.keyboard.press('Enter');
	};
	const first = comment('The first comment.');
	await press(first.getByRole('button', { name: 'Reply' }));
	await first.getByRole('textbox').waitFor();
	await press(first.getByRole('button', { name: 'Cancel' }));
	await waitFocus(page, 'Reply');
	await press(first.getByRole('button', { name: 'Edit' }));
	await eventually('the box has the focus', () => page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA'));
	await page.keyboard.press('Control+End');
	await page.keyboard.type(' And more.');
	await press(comment('The second comment.').locator('..').getByRole('button', { name: 'Save' }).first());
	await page.getByText('The first comment. And more.').waitFor();
	await waitFocus(page, 'Edit');
	await press(comment('And more.').getByRole('button', { name: 'Delete' }));
	await press(page.getByRole('dialog').getByRole('button', { name: 'Delete' }));
	await eventually('the next comment has the focus', async () => (await focused(page)).includes('The second comment.'));
	assert.match(await page.locator('[aria-live=polite]').last().innerText(), /Deleted/);
	await author.context.close();
});

test('what takes itself away leaves the focus beside it: a proposal is withdrawn by keyboard', async () => {
	const author = await person(browser, { handle: 'kyiv-reader-1' });
	const { page } = author;
	const [question] = (await author.call('GET', `/frameworks/${slug}`)).body.questions;
	const made = await author.call('POST', `/questions/${question.id}/concessions`, {
		title: 'Russia opens the files of port inspections',
		body: 'Russia opens the files of port inspections.',
		verifier: 'The maritime organisation.',
		not_about_land: true,
		language: 'en',
	});
	await page.goto(`/cards/${made.body.concession.id}`);
	await page.getByRole('button', { name: 'Withdraw this proposal' }).press('Enter');
	await page.getByRole('dialog').getByRole('button', { name: 'Withdraw this proposal' }).press('Enter');
	await page.getByRole('button', { name: 'Withdraw this proposal' }).waitFor({ state: 'detached' });
	await eventually('the focus is on the page of the proposal', () => page.evaluate(() => !!document.activeElement?.closest('main')));
	await author.context.close();
});

test('a card that is moved in the order takes the focus along', async () => {
	const reader = await person(browser, { handle: 'moscow-reader-2' });
	const { page } = reader;
	const [question] = (await reader.call('GET', `/frameworks/${slug}`)).body.questions;
	const { cards } = (await reader.call('POST', `/questions/${question.id}/deal`, {})).body;
	for (const card of cards.slice(0, 3)) await reader.call('PUT', `/concessions/${card.id}/answer`, { version: card.version, acceptance: 'yes' });
	await page.goto(`/order/${question.id}`);
	const title = await page.locator('.placed .what a').first().innerText();
	const name = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName);
	await page.getByRole('button', { name: `Move down: ${title}` }).or(page.getByRole('button', { name: /^Move down/ }).first()).first().focus();
	const begun = await name();
	assert.ok(begun.includes(title));
	await page.keyboard.press('Enter');
	await eventually('it is second', async () => (await page.locator('.placed .what a').nth(1).innerText()) === title);
	assert.equal(await name(), begun);
	await page.keyboard.press('Enter');
	await eventually('it is last', async () => (await page.locator('.placed .what a').nth(2).innerText()) === title);
	// Down is used up: the focus is on the way back.
	await eventually('the focus is on the way up', async () => /^Move up/.test(await name()) && (await name()).includes(title));
	await reader.context.close();
});

test('a long paste stays whole, and its box says how much too long it is', async () => {
	const author = await person(browser, { handle: 'kyiv-reader-1' });
	await hasRead(author);
	const { page } = author;
	const id = await thread(author, 12, 'Paste below.');
	await page.goto(`/points/12?thread=${id}`);
	const pasted = `${'Слово '.repeat(900)}КІНЕЦЬ`;
	const box = page.locator('.thread form textarea');
	await box.focus();
	await page.keyboard.insertText(pasted);
	assert.equal(await box.inputValue(), pasted);
	await page.getByRole('alert').getByText('Too long by 1,406 characters.').waitFor();
	assert.equal(await box.getAttribute('aria-invalid'), 'true');
	await author.context.close();
});

test('a refusal of any field is told, where the form has no place of its own for it', async () => {
	const author = await person(browser, { handle: 'moscow-reader-1' });
	await hasRead(author);
	const { page } = author;
	await page.route('**/api/v1/**/threads', (route) =>
		route.request().method() === 'POST'
			? route.fulfill({
					status: 400,
					contentType: 'application/problem+json',
					body: JSON.stringify({ code: 'bad_request', title: 'Bad request', fields: [{ field: 'parent', code: 'too_deep', detail: 'Too deep.' }] }),
				})
			: route.fallback(),
	);
	// Over REST, where the refusal can be put in its mouth.
	await page.addInitScript(() => (globalThis.WebSocket = class { close() {} }));
	await page.goto('/points/13');
	await page.getByText('Start a thread').click();
	await page.locator('details form textarea').fill('Words that will be refused.');
	await page.locator('details form button.primary').click();
	await page.getByRole('alert').getByText('Replies go no deeper here.').waitFor();
	assert.equal(await page.locator('details form textarea').inputValue(), 'Words that will be refused.');
	await author.context.close();
});

for (const [how, script] of [
	['is blocked', () => ['localStorage', 'sessionStorage'].forEach((name) => Object.defineProperty(globalThis, name, { get() { throw new DOMException('denied', 'SecurityError'); } }))],
	['is full', () => (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); })],
	['holds nonsense', () => {
		for (const key of ['outbox', 'locale', 'read-before-writing', 'queue-keys', 'left.guest.point.3', 'hand.x']) localStorage.setItem(`demarche.${key}`, '{"entries":[{}]}');
		for (const key of ['draft.guest.point.3', 'invitation']) sessionStorage.setItem(`demarche.${key}`, '[[[');
	}],
]) {
	test(`where storage ${how}, one can read and post`, async () => {
		const author = await person(browser, { handle: 'third-reader-1' });
		const { page } = author;
		const faults = [];
		page.on('pageerror', (error) => faults.push(error.message));
		const [question] = (await author.call('GET', `/frameworks/${slug}`)).body.questions;
		const id = await thread(author, 14, 'Say something.');
		// The harness chooses the language by storage; where there is none it throws, and the browser's is taken.
		await author.context.addInitScript(script);
		await page.addInitScript((key) => {
			try {
				localStorage.setItem(key, '{"deal":1,"cards":[{}],"given":[]}');
			} catch {
				// As it should.
			}
		}, `demarche.hand.${question.id}`);
		for (const path of ['/', `/propose/${question.id}`, '/account', '/moderation']) {
			await page.goto(path);
			await page.getByRole('heading').first().waitFor();
		}
		await page.goto(`/points/14?thread=${id}`);
		const words = `Written where storage ${how}.`;
		await page.locator('.thread form textarea').fill(words);
		await page.locator('.thread form button.primary').click();
		await page.getByRole('button', { name: 'I understand' }).click();
		await page.locator('article.comment', { hasText: words }).waitFor();
		assert.deepEqual(faults.filter((fault) => !/denied|localStorage/.test(fault)), []);
		await author.context.close();
	});
}

test('the next account on a browser sees nothing of what the last one wrote', async () => {
	const first = await person(browser, { handle: 'kyiv-reader-2' });
	const { page } = first;
	await page.goto('/points/15');
	await page.getByText('Start a thread').click();
	await page.locator('details form textarea').fill('SECRET of the first account');
	await page.reload();
	await eventually('the draft outlives a reload', async () => (await page.locator('details form textarea').inputValue()) === 'SECRET of the first account');
	// Another tab of the same account writes its own.
	const tab = await first.context.newPage();
	await tab.goto('/points/15');
	await tab.getByText('Start a thread').click();
	assert.equal(await tab.locator('details form textarea').inputValue(), '');
	await tab.close();
	await page.goto('/account');
	await page.getByRole('button', { name: 'Sign out' }).click();
	await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
	assert.doesNotMatch(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])), /SECRET/);
	await page.goto('/points/15');
	await page.getByText('Start a thread').click();
	assert.equal(await page.locator('details form textarea').inputValue(), '');
	await first.context.close();
});

test('an author who edits a held card goes on seeing it, and its title follows the text', async () => {
	const author = await person(browser, { handle: 'kyiv-reader-2' });
	await hasRead(author);
	const { page } = author;
	const [question] = (await author.call('GET', `/frameworks/${slug}`)).body.questions;
	const body = 'Russia hands over Kherson city to Ukraine. Then talks begin.';
	const made = await author.call('POST', `/questions/${question.id}/concessions`, {
		title: 'Russia hands over Kherson city to Ukraine',
		body,
		verifier: 'The mayor says so.',
		not_about_land: true,
		language: 'en',
	});
	assert.equal(made.body.concession.state, 'held');
	await page.goto(`/cards/${made.body.concession.id}`);
	const save = async (text) => {
		await page.getByRole('button', { name: /^Edit/ }).click();
		// Not the box for a new thread, which comes once the card is no longer held.
		const box = page.locator('form textarea[required]').first();
		await box.fill(text);
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await box.waitFor({ state: 'detached' });
	};
	// Still held: the public hears that it is gone, its author does not.
	await save('Russia hands over Kherson town to Ukraine. Then talks begin.');
	const heard = author.call('GET', `/concessions/${made.body.concession.id}`);
	assert.equal((await heard).body.state, 'held');
	await page.getByRole('heading', { name: 'Russia hands over Kherson town to Ukraine', level: 1 }).waitFor();
	await save('Russia returns museum files. Then talks begin.');
	await page.getByRole('heading', { name: 'Russia returns museum files', level: 1 }).waitFor();
	assert.notEqual((await author.call('GET', `/concessions/${made.body.concession.id}`)).body.state, 'held');
	await page.getByText('[erased]').waitFor({ state: 'detached' });
	await author.context.close();
});

test('printing shows closed threads and what is folded', async () => {
	const reader = await person(browser);
	const author = await person(browser, { handle: 'third-reader-2' });
	await thread(author, 16, 'Words that stand on paper.', 'And an answer.');
	const { page } = reader;
	await page.goto('/points/16');
	await page.getByText('A thread').first().waitFor();
	assert.equal(await page.getByText('And an answer.').count(), 0);
	await page.evaluate(() => {
		// The last to hear of it sees what is about to be drawn.
		globalThis.seen = new Promise((heard) => addEventListener('beforeprint', () => heard(document.querySelector('main').innerText), { once: true }));
	});
	await page.pdf();
	const seen = await page.evaluate(() => globalThis.seen);
	assert.match(seen, /Words that stand on paper\.[^]*And an answer\./);
	await page.getByText('And an answer.').waitFor({ state: 'detached' });
	await Promise.all([reader, author].map(({ context }) => context.close()));
});

test('on a phone the deepest reply keeps its line, and a title in Hebrew goes its own way', async () => {
	const author = await person(browser, { handle: 'kyiv-reader-1', width: 390 });
	const title = 'עברית: 5 (five)!';
	const made = await author.call('POST', `/frameworks/${slug}/points/17/threads`, { title, body: 'The root.', kind: 'remark', language: 'en' });
	const { id } = made.body.thread;
	let parent = made.body.comment.id;
	for (let depth = 1; depth <= 40; depth++) {
		const reply = await author.call('POST', `/threads/${id}/comments`, { body: `Reply ${depth}.`, kind: 'remark', language: 'en', parent });
		parent = reply.body.comment.id;
	}
	const { page } = author;
	await page.goto(`/points/17?thread=${id}`);
	const deepest = page.locator('article.comment', { hasText: 'Reply 40.' }).last();
	await deepest.waitFor();
	const { width } = await deepest.locator('.text').boundingBox();
	assert.ok(width >= 200, `${width} px`);
	const direction = (element) => getComputedStyle(element).direction;
	assert.equal(await page.locator('.title', { hasText: title }).evaluate(direction), 'rtl');
	const box = page.locator('.thread form textarea').last();
	await box.fill('עברית');
	assert.equal(await box.evaluate(direction), 'rtl');
	await author.context.close();
});
