// A proposal that reads as territorial: stopped with its words, sent to a person, confirmed, ranked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, eventually, launch, person } from './browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const slug = 'ukraine-2025';

async function clean(page) {
	await page.evaluate(axeSource);
	const { violations } = await page.evaluate(() => globalThis.axe.run());
	assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
}

test('what the gate stops goes to a person, and from there into the ranking', async () => {
	const author = await person(browser, { handle: 'third-reader-1', width: 390 });
	const moderator = await person(browser, { handle: 'demo-moderator' });
	const { page } = author;
	const [question] = (await author.call('GET', `/frameworks/${slug}`)).body.questions;
	await page.goto(`/propose/${question.id}`);
	await page.getByLabel('What would they do?').fill('🕊 Russia returns Crimea to Ukraine by May.');
	await page.locator('mark').waitFor();
	assert.match(await page.locator('mark').innerText(), /returns Crimea/);
	await page.getByLabel('Who would check?').fill('The IAEA');
	await page.getByRole('checkbox', { name: /not about land/ }).check();
	await clean(page);
	await page.getByRole('button', { name: 'Send the proposal' }).click();
	const notice = page.getByRole('button', { name: 'I understand' });
	const held = page.getByText('Your proposal is saved but not shown yet');
	await notice.or(held).first().waitFor();
	if (await notice.isVisible()) await notice.click();
	await held.waitFor();
	await page.locator('mark').first().waitFor();
	const made = (await author.call('GET', '/me/posts')).body.concessions[0];
	assert.equal(made.state, 'held');
	const queue = async () => (await moderator.call('GET', `/moderation/queue?framework=${slug}`)).body.items;
	assert.equal((await queue()).filter(({ object }) => object.id === made.id).length, 0);
	await page.getByRole('button', { name: 'Ask for a person to look' }).click();
	await page.getByText('It has been waiting for a moderator').waitFor();
	await clean(page);

	await moderator.page.goto('/moderation');
	const item = moderator.page.getByRole('article').filter({ hasText: '🕊' });
	await item.getByRole('button', { name: 'Decide', exact: true }).click();
	const dialog = moderator.page.getByRole('dialog');
	await dialog.getByLabel('What to do').selectOption('confirm_scope');
	assert.equal(await dialog.getByLabel('Which rule').inputValue(), 'R8');
	await dialog.getByLabel('Statement of facts').fill('Read in full: the sentence is a test.');
	await clean(moderator.page);
	await dialog.getByRole('button', { name: 'Confirm: not about land' }).click();
	const state = async () => (await author.call('GET', `/concessions/${made.id}`)).body.state;
	await eventually('the card is ranked', async () => (await state()) === 'ranked');
	await moderator.page.goto('/scope');
	await moderator.page.getByRole('row', { name: /All/ }).first().waitFor();
	await clean(moderator.page);
	await Promise.all([author.context.close(), moderator.context.close()]);
});

test('a new card is checked by readers of two viewpoints on the question’s own page', async () => {
	const author = await person(browser, { handle: 'third-reader-2' });
	const [question] = (await author.call('GET', `/frameworks/${slug}`)).body.questions;
	const proposal = { title: 'Monthly lists of prisoners', body: 'Both publish lists of prisoners each month.', verifier: 'The Red Cross', not_about_land: true, language: 'en' };
	const made = (await author.call('POST', `/questions/${question.id}/concessions`, proposal)).body.concession;
	for (const handle of ['kyiv-reader-1', 'moscow-reader-1']) {
		const reader = await person(browser, { handle });
		await reader.page.goto(`/cards/${made.id}`);
		await reader.page.getByText('Being checked: is it about land?').waitFor();
		await clean(reader.page);
		await reader.page.getByRole('button', { name: 'Not about land', exact: true }).click();
		await reader.page.getByText('Noted.').or(reader.page.getByText('In the ranking.')).first().waitFor();
		await reader.context.close();
	}
	assert.equal((await author.call('GET', `/concessions/${made.id}`)).body.state, 'ranked');
	const log = (await author.call('GET', `/frameworks/${slug}/moderation-log`)).body.items;
	assert.ok(log.some(({ action, by }) => action === 'confirm_scope' && by === 'automated'));
	await author.context.close();
});
