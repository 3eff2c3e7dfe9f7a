// The eight comments of the sample that break the rules, posted anew and reported: through the queue by keyboard and on a phone,
// to their authors, back on appeal, into the public log.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axeSource, eventually, launch, person } from './browser.mjs';

const slug = 'ukraine-2025';
const sample = JSON.parse(readFileSync(new URL('../../frameworks/sample-discussion.json', import.meta.url), 'utf8'));
const comments = new Map(sample.threads.flatMap((thread) => thread.comments).map((comment) => [comment.key, comment]));
/** Which they are, what they are reported for, and what should become of them. */
const EIGHT = [
	{ key: 'c13', reason: 'insult', act: 'hide', rule: 'R1', author: 'kyiv-reader-1', by: 'third-reader-1' },
	{ key: 'c24', reason: 'doxxing', act: 'remove', rule: 'R3', author: 'moscow-reader-1', by: 'third-reader-1' },
	{ key: 'c33', reason: 'spam', act: 'remove', rule: 'R7', author: 'third-reader-2', by: 'kyiv-reader-2' },
	{ key: 'c38', reason: 'hate', act: 'remove', rule: 'R2', author: 'kyiv-reader-1', by: 'moscow-reader-2' },
	{ key: 'c47', reason: 'insult', act: 'hide', rule: 'R1', author: 'moscow-reader-1', by: 'kyiv-reader-2' },
	{ key: 'c52', reason: 'spam', act: 'remove', rule: 'R7', author: 'third-reader-2', by: 'moscow-reader-2' },
	{ key: 'c56', reason: 'threat', act: 'remove', rule: 'R2', author: 'moscow-reader-1', by: 'kyiv-reader-2' },
	{ key: 'c59', reason: 'spam', act: 'hide', rule: 'R7', author: 'kyiv-reader-1', by: 'moscow-reader-2' },
];
const KEYS = { hide: 'h', remove: 'r' };
const facts = ({ key }) => `Read in its thread: what ${key} says breaks the rule.`;
let browser;
const people = new Map();
const as = async (handle) => {
	if (!people.has(handle)) people.set(handle, await person(browser, { handle }));
	return people.get(handle);
};

before(async () => {
	browser = await launch();
	for (const one of EIGHT) {
		const { body, kind, language } = comments.get(one.key);
		const author = await as(one.author);
		const made = await author.call('POST', `/frameworks/${slug}/points/9/threads`, { title: `Sample ${one.key}`, body, kind, language });
		assert.equal(made.status, 201, JSON.stringify(made.body));
		one.id = made.body.comment.id;
		const report = { object: { kind: 'comment', id: one.id }, reason: one.reason };
		assert.equal((await (await as(one.by)).call('POST', '/reports', report)).status, 201);
	}
});
after(() => browser.close());

async function clean(page) {
	const debug = await page.context().newCDPSession(page);
	await debug.send('Runtime.evaluate', { expression: axeSource });
	const { violations } = await page.evaluate(() => globalThis.axe.run());
	assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	assert.equal(over, 0, `${page.url()} is ${over}px wider than the screen`);
}

/** Presses Tab until the control has the focus. */
async function tabTo(page, control) {
	for (let presses = 0; presses < 40; presses += 1) {
		if (await control.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	assert.fail('the keyboard does not reach it');
}

const waiting = (one) => people.get('demo-moderator').call('GET', `/moderation/items/comment/${one.id}?framework=${slug}`);
const state = async (one) => (await waiting(one)).body.comment.state;
const expected = { hide: 'hidden', remove: 'removed' };

test('six of the eight go through the queue by keyboard alone, the most urgent first', async () => {
	const { page } = await as('demo-moderator');
	await page.goto('/moderation');
	const list = page.getByRole('article');
	await eventually('all eight wait', async () => (await list.count()) === EIGHT.length);
	await clean(page);
	assert.ok(!(await page.getByRole('main').innerText()).includes('reader-'), 'the queue names nobody');
	const order = await list.evaluateAll((rows) => rows.map((row) => row.dataset.row));
	const place = ({ reason }) => ['doxxing', 'threat', 'hate', 'insult', 'spam'].indexOf(reason);
	const reasons = order.map((id) => EIGHT.find((one) => one.id === id).reason);
	const ranks = reasons.map((reason) => Math.max(1, place({ reason })));
	assert.deepEqual(ranks, ranks.toSorted((a, b) => a - b), 'urgent things stand on top');
	await page.keyboard.press('?');
	await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
	await clean(page);
	await page.keyboard.press('Escape');
	await page.keyboard.press('j');
	await page.keyboard.press('k');
	for (let number = 0; number < 6; number += 1) {
		const id = await page.locator('article.current').getAttribute('data-row');
		const one = EIGHT.find((other) => other.id === id);
		await page.keyboard.press(KEYS[one.act]);
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('Statement of facts').waitFor();
		assert.equal(await dialog.getByLabel('Which rule').inputValue(), one.rule);
		assert.equal(await dialog.getByLabel('What to do').inputValue(), one.act);
		await tabTo(page, dialog.getByLabel('Statement of facts'));
		await page.keyboard.type(facts(one));
		await dialog.getByRole('region', { name: 'This is what the author will read' }).getByText(facts(one)).waitFor();
		if (number === 0) await clean(page);
		await tabTo(page, dialog.getByRole('button', { name: one.act === 'hide' ? 'Hide' : 'Remove', exact: true }));
		await page.keyboard.press('Enter');
		await page.locator(`[data-row="${id}"]`).waitFor({ state: 'detached' });
		one.done = true;
		assert.equal(await state(one), expected[one.act]);
	}
	await page.getByRole('button', { name: 'Undo' }).waitFor();
});

test('one is taken back by a key, and waits again', async () => {
	const { page } = await as('demo-moderator');
	const last = EIGHT.filter(({ done }) => done);
	await page.keyboard.press('u');
	await eventually('one waits again', async () => (await page.getByRole('article').count()) === 3);
	const ids = await page.getByRole('article').evaluateAll((rows) => rows.map((row) => row.dataset.row));
	const undone = last.find(({ id }) => ids.includes(id));
	assert.equal(await state(undone), 'visible');
	undone.done = false;
	undone.undone = true;
});

test('the others are decided on a phone', async () => {
	const phone = await person(browser, { handle: 'demo-moderator', width: 390 });
	const { page } = phone;
	await page.goto('/moderation');
	for (const one of EIGHT.filter(({ done }) => !done)) {
		const row = page.locator(`[data-row="${one.id}"]`);
		await row.waitFor();
		await clean(page);
		await row.locator('[data-open]').click();
		await page.getByRole('heading', { name: 'Decisions about it' }).waitFor();
		await clean(page);
		await page.getByText('Show the author').click();
		await page.getByText(one.author, { exact: true }).waitFor();
		await page.getByRole('button', { name: 'Decide', exact: true }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('What to do').selectOption(one.act);
		// A sentence that is ready, made to say what happened here.
		await dialog.getByRole('group', { name: 'Sentences to start from' }).getByRole('listitem').first().getByRole('button').click();
		assert.notEqual(await dialog.getByLabel('Statement of facts').inputValue(), '');
		await dialog.getByLabel('Statement of facts').fill(facts(one));
		await clean(page);
		await dialog.getByRole('button', { name: one.act === 'hide' ? 'Hide' : 'Remove', exact: true }).click();
		await dialog.waitFor({ state: 'detached' });
		await page.getByText('It is not in the queue.').waitFor();
		assert.equal(await state(one), expected[one.act]);
		await page.getByRole('link', { name: 'Back to the queue' }).click();
		await row.waitFor({ state: 'detached' });
	}
	await phone.context.close();
});

test('each author reads what was decided, and who reported what became of it', async () => {
	for (const handle of new Set(EIGHT.map(({ author }) => author))) {
		const { page } = await as(handle);
		await page.goto('/my-items');
		for (const one of EIGHT.filter(({ author }) => author === handle)) {
			const decision = page.getByRole('article').filter({ hasText: facts(one) }).first();
			await decision.waitFor();
			assert.ok((await decision.innerText()).includes(`Rule ${one.rule}.`));
		}
		await clean(page);
	}
	const { page } = await as('kyiv-reader-2');
	await page.goto('/my-items');
	await page.getByText('Removed under R7 (stands).').first().waitFor();
});

test('one appeals, and a moderator of the other viewpoint reverses it', async () => {
	const one = EIGHT.find(({ key }) => key === 'c47');
	const author = await as(one.author);
	await author.page.goto('/my-items');
	const decision = author.page.getByRole('article').filter({ hasText: facts(one) }).filter({ hasText: 'You can appeal' });
	await decision.getByRole('button', { name: 'Appeal' }).click();
	await decision.getByLabel('Why you think the decision is wrong').fill('It was meant as a joke among friends.');
	await clean(author.page);
	await decision.getByRole('button', { name: 'Send the appeal' }).click();
	await author.page.getByText('appealed; not decided yet').waitFor();

	const { page } = await as('demo-moderator-2');
	await page.goto('/moderation');
	const row = page.locator(`[data-row="${one.id}"]`);
	await row.getByText('its author appealed').waitFor();
	await page.keyboard.press('o');
	await page.getByLabel('Your answer to the author').fill('Among friends it can stand.');
	await clean(page);
	await page.getByRole('button', { name: 'Reverse the decision' }).click();
	await page.getByText('appealed; the decision was reversed').waitFor();
	assert.equal(await state(one), 'visible');
	await author.page.getByText('Among friends it can stand.').waitFor();
});

test('removing a card takes moderators of two viewpoints', async () => {
	const author = await as('third-reader-1');
	const [question] = (await author.call('GET', `/frameworks/${slug}`)).body.questions;
	const proposal = { title: 'A hotline between the two ministries', body: 'Both keep a hotline open day and night.', verifier: 'The OSCE', not_about_land: true, language: 'en' };
	const card = (await author.call('POST', `/questions/${question.id}/concessions`, proposal)).body.concession;
	const first = await as('demo-moderator');
	await first.page.goto(`/moderation/items/concession/${card.id}`);
	await first.page.getByRole('button', { name: 'Decide', exact: true }).click();
	const dialog = first.page.getByRole('dialog');
	await dialog.getByLabel('What to do').selectOption('remove');
	await dialog.getByText('A moderator of another viewpoint must agree').waitFor();
	await dialog.getByLabel('Which rule').selectOption('R7');
	await dialog.getByLabel('Statement of facts').fill('The same card was proposed before.');
	await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
	await first.page.getByText('This needs a moderator of a different viewpoint from the first.').waitFor();
	await clean(first.page);
	const show = async () => (await author.call('GET', `/concessions/${card.id}`)).body.state;
	assert.notEqual(await show(), 'removed');

	const second = await as('demo-moderator-2');
	await second.page.goto('/moderation');
	await second.page.locator(`[data-row="${card.id}"]`).getByText('a second moderator is needed').waitFor();
	await second.page.locator(`[data-row="${card.id}"] [data-open]`).click();
	await second.page.getByRole('button', { name: 'Agree', exact: true }).click();
	await eventually('both agreed', async () => (await show()) === 'removed');
	await author.page.goto('/my-items');
	await author.page.getByText('By two moderators of different viewpoints').first().waitFor();
});

test('whoever has no account sends a notice, and reads what became of it', async () => {
	const made = await (await as('third-reader-2')).call('POST', `/frameworks/${slug}/points/9/threads`, {
		title: 'Noticed',
		body: 'Buy our carpets, says the notice test.',
		kind: 'remark',
		language: 'en',
	});
	const visitor = await person(browser, { width: 390 });
	await visitor.page.goto(`/points/9?thread=${made.body.thread.id}`);
	const comment = visitor.page.locator(`#comment-${made.body.comment.id}`);
	await comment.getByRole('button', { name: 'Report' }).click();
	const dialog = visitor.page.getByRole('dialog');
	await dialog.getByLabel('What is wrong?', { exact: true }).first().selectOption('spam');
	await dialog.locator('textarea').fill('It sells carpets.');
	await clean(visitor.page);
	await dialog.getByRole('button', { name: 'Send the notice' }).click();
	const address = await dialog.getByRole('link', { name: /\/notice#code=/ }).getAttribute('href');
	await visitor.page.goto(address);
	await visitor.page.getByText('No moderator has decided about it yet').waitFor();
	const moderator = await as('demo-moderator');
	const decision = { object: { kind: 'comment', id: made.body.comment.id }, action: 'hide', rule: 'R7', facts: 'An advertisement.' };
	assert.equal((await moderator.call('POST', '/moderation/decisions', decision)).status, 201);
	await visitor.page.reload();
	await visitor.page.getByText('Hidden, under rule R7').waitFor();
	await clean(visitor.page);
	await visitor.context.close();
});

test('the public log shows all of it, without names', async () => {
	const visitor = await person(browser, { width: 390 });
	const { page } = visitor;
	await page.goto('/log');
	for (const one of EIGHT) await page.getByText(facts(one)).first().waitFor();
	await page.getByText('undone,').first().waitFor();
	await page.getByText('appealed; the decision was reversed').first().waitFor();
	await page.getByText('two moderators of different viewpoints').first().waitFor();
	assert.ok(!(await page.getByRole('main').innerText()).includes('reader-'));
	await clean(page);
	await page.getByLabel('What happened to it').selectOption('overturned');
	assert.equal(await page.getByRole('article').count(), 1);
	await page.goto('/log/record');
	await page.getByRole('table', { name: /By viewpoint/ }).waitFor();
	await clean(page);
	await visitor.context.close();
});

test('several are decided about at once, by keyboard', async () => {
	const author = await as('third-reader-2');
	const reporter = await as('third-reader-1');
	const made = [];
	for (const words of ['One carpet.', 'Another carpet.']) {
		const thread = { title: words, body: words, kind: 'remark', language: 'en' };
		const { comment } = (await author.call('POST', `/frameworks/${slug}/points/8/threads`, thread)).body;
		await reporter.call('POST', '/reports', { object: { kind: 'comment', id: comment.id }, reason: 'spam' });
		made.push({ id: comment.id });
	}
	const { page } = await as('demo-moderator');
	await page.goto('/moderation');
	await page.getByLabel('Point', { exact: true }).selectOption('8');
	await eventually('both are listed', async () => (await page.getByRole('article').count()) === 2);
	await page.getByRole('heading', { level: 1 }).click();
	for (const key of ['x', 'j', 'x', 'h']) await page.keyboard.press(key);
	const dialog = page.getByRole('dialog', { name: 'Decide about 2 items at once' });
	await dialog.getByLabel('Statement of facts').fill('Two advertisements.');
	await dialog.getByRole('button', { name: 'Hide', exact: true }).click();
	await page.getByText('2 decisions made and logged.').first().waitFor();
	for (const one of made) assert.equal(await state(one), 'hidden');
	await page.getByText('Nothing matching is waiting').waitFor();
	await page.keyboard.press('u');
	await eventually('both wait again', async () => (await page.getByRole('article').count()) === 2);
	for (const one of made) assert.equal(await state(one), 'visible');
});
