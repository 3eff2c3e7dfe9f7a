// A card in the reader's language, and what becomes of it when it changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, eventually, launch, person } from './browser.mjs';

const slug = 'ukraine-2025';
let browser;
before(async () => {
	browser = await launch();
});
after(() => browser.close());

const question = async (somebody, key) =>
	(await somebody.call('GET', `/frameworks/${slug}`)).body.questions.find((question) => question.key === key);

async function accessible(page) {
	await page.evaluate(axeSource);
	const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
	assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
}

test('a reader of the Ukrainian interface judges a card in translation and opens the original', async () => {
	const reader = await person(browser, { handle: 'kyiv-reader-2', lang: 'uk', width: 390 });
	const { id } = await question(reader, 'guarantees');
	const cards = (await reader.call('GET', `/questions/${id}/concessions`)).body.items;
	const judged = (await reader.call('GET', `/questions/${id}/ballot`)).body.answers.map((answer) => answer.concession);
	const card = cards.find((card) => card.translations.uk && !judged.includes(card.id));
	await reader.page.goto(`/cards/${card.id}`);
	const title = reader.page.getByRole('heading', { level: 1 });
	await reader.page.getByRole('heading', { level: 1, name: card.translations.uk.title }).waitFor();
	assert.equal(await title.getAttribute('lang'), 'uk');
	await reader.page.getByText('Жоден носій мови його ще не перевірив').first().waitFor();
	await accessible(reader.page);
	await reader.page.getByRole('button', { name: 'Показати оригінал' }).click();
	await reader.page.getByRole('heading', { level: 1, name: card.title }).waitFor();
	assert.equal(await title.getAttribute('lang'), 'en');
	await reader.page.getByRole('button', { name: 'Показати переклад' }).click();
	await reader.page.getByRole('button', { name: 'Так' }).first().click();
	await reader.page.getByRole('button', { name: 'Можливо' }).first().click();
	await eventually('the answer is kept', async () => {
		const { answers } = (await reader.call('GET', `/questions/${id}/ballot`)).body;
		return answers.some((answer) => answer.concession === card.id && answer.acceptance === 'yes');
	});
	await reader.context.close();
});

test('a proposer is shown the card that says the same; what was judged stays, and a new version grows out of it', async () => {
	const author = await person(browser, { handle: 'moscow-reader-1' });
	const reader = await person(browser, { handle: 'moscow-reader-2' });
	const { id } = await question(author, 'guarantees');
	const terms = { title: 'Ships carry grain', body: 'Grain ships sail from Odesa, watched by the UN.', verifier: 'The UN' };
	const made = await author.call('POST', `/questions/${id}/concessions`, { ...terms, not_about_land: true, language: 'en' });
	const card = made.body.concession.id;
	for (const handle of ['kyiv-reader-1', 'moscow-reader-2']) {
		const checks = await person(browser, { handle });
		const said = await checks.call('PUT', `/concessions/${card}/scope`, { version: 1, territorial: false });
		assert.equal(said.status, 200, JSON.stringify(said.body));
		await checks.context.close();
	}
	await reader.page.goto(`/propose/${id}`);
	await reader.page.getByRole('textbox').first().fill('Ships with grain sail from Odesa and the UN watches');
	const instead = reader.page.getByRole('link', { name: 'Judge this one instead' });
	await instead.waitFor();
	await accessible(reader.page);
	await instead.click();
	await reader.page.getByRole('button', { name: 'Yes', exact: true }).first().click();
	await reader.page.getByRole('button', { name: 'Maybe' }).first().click();
	await reader.page.getByText('You said: Yes').waitFor();
	const edit = { ...terms, body: 'Grain ships sail from Odesa, watched by the UN and insured.', version: 1 };
	assert.equal((await author.call('PATCH', `/concessions/${card}`, edit)).status, 200);
	// What one said of the earlier words is no answer to these.
	await reader.page.reload();
	await reader.page.getByText('and insured.').waitFor();
	await reader.page.getByRole('button', { name: 'Yes', exact: true }).first().waitFor();
	assert.equal(await reader.page.getByText('You said: Yes').count(), 0);
	// Dealt and judged in full, its words stay.
	for (let judged = false; !judged; ) {
		const { cards } = (await reader.call('POST', `/questions/${id}/deal`, {})).body;
		assert.ok(cards.length > 0, 'the card is dealt');
		for (const { id: dealt, version } of cards) {
			const answer = await reader.call('PUT', `/concessions/${dealt}/answer`, { version, acceptance: 'yes' });
			assert.equal(answer.status, 200, JSON.stringify(answer.body));
			judged ||= dealt === card;
		}
	}
	assert.equal((await author.call('PATCH', `/concessions/${card}`, { ...edit, version: 2 })).body.code, 'closed');
	const { page } = author;
	await page.goto(`/cards/${card}`);
	await page.getByRole('button', { name: 'Propose a new version' }).click();
	await page.getByRole('textbox').first().fill('Grain ships sail from Odesa, insured by all sides.');
	await page.getByRole('checkbox').check();
	await accessible(page);
	await page.getByRole('button', { name: 'Send the proposal' }).click();
	const read = page.getByRole('dialog').getByRole('button').first();
	const grown = page.getByText('This grew out of an earlier proposal.');
	await read.or(grown).first().waitFor();
	if (await read.isVisible()) await read.click();
	await grown.waitFor();
	await accessible(page);
	await reader.page.goto(`/cards/${card}`);
	await reader.page.getByRole('link', { name: 'To the new version' }).click();
	await grown.waitFor();
	await reader.page.getByText('insured by all sides').first().waitFor();
	await Promise.all([author, reader].map(({ context }) => context.close()));
});
