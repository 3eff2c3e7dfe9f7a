// What people do, in a real browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, launch, person } from './browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const slug = 'ukraine-2025';
// Whom a test that failed left behind would be there in the next one.
const come = async (test, who) => {
	const someone = await person(browser, who);
	test.after(() => someone.context.close());
	return someone;
};
const questions = async (someone) => (await someone.call('GET', `/frameworks/${slug}`)).body.questions;

/** Answers every card one is dealt, as often as there are any. */
async function answerAll(someone, question, acceptance) {
	for (;;) {
		const { cards } = (await someone.call('POST', `/questions/${question}/deal`, {})).body;
		if (cards.length === 0) return;
		for (const card of cards) {
			const answer = await someone.call('PUT', `/concessions/${card.id}/answer`, { version: card.version, acceptance, realism: 'maybe' });
			assert.equal(answer.status, 200, JSON.stringify(answer.body));
		}
	}
}

test('a first visit becomes five answers, an account, and answers that count', async (test) => {
	const visitor = await come(test, { width: 390 });
	const { page } = visitor;
	await page.goto('/');
	for (let n = 1; n <= 5; n++) {
		await page.getByText(`Proposal ${n} of 5`, { exact: true }).waitFor();
		await page.keyboard.press('1');
		await page.keyboard.press('2');
	}
	// One question stands between the last proposal and the results.
	await page.getByText('You have judged all 5 proposals.').waitFor();
	await page.getByRole('radio', { name: /^Kyiv/ }).click();
	await page.getByRole('button', { name: 'Confirm this viewpoint' }).click();
	const result = page.getByRole('heading', { name: 'How others judged these proposals' });
	await result.waitFor();
	const said = () => page.getByText('You said: Yes').count();
	await eventually('what one said stands at every proposal', async () => (await said()) === 5);
	const numbers = () => page.locator('article.unranked .bars').count();
	await eventually('what others said stands at four of the five at least', async () => (await numbers()) >= 4);
	await page.getByRole('button', { name: 'Save my answers so they count' }).click();
	await page.locator('input[autocomplete=username]').fill('first-visitor');
	await page.locator('input[autocomplete=new-password]').fill('correct horse battery');
	await page.locator('form button.primary').first().click();
	await page.getByText('5 answers now count.').first().waitFor();
	const [question] = await questions(visitor);
	const ballot = (await visitor.call('GET', `/questions/${question.id}/ballot`)).body;
	assert.equal(ballot.camp, 'kyiv');
	assert.deepEqual(ballot.answers.map((answer) => [answer.acceptance, answer.dealt]), Array(5).fill(['yes', true]));
});

test('two browsers see each other: a comment, presence and the tally', async (test) => {
	const kyiv = await come(test, { handle: 'kyiv-reader-1' });
	const moscow = await come(test, { handle: 'moscow-reader-1' });
	await Promise.all([kyiv.page.goto('/points/7'), moscow.page.goto('/points/7')]);
	await moscow.page.getByText('2 readers here now').waitFor();
	const posted = await kyiv.call('POST', `/frameworks/${slug}/points/7/threads`, {
		title: 'Seen across the room',
		body: 'Can you read this?',
		kind: 'question',
		language: 'en',
	});
	assert.equal(posted.status, 201);
	await moscow.page.getByText('Seen across the room').waitFor();

	const plant = (await questions(kyiv)).find((question) => question.key === 'plant');
	await answerAll(moscow, plant.id, 'no');
	await moscow.page.goto(`/?question=${plant.id}&view=board`);
	const board = () => moscow.call('GET', `/questions/${plant.id}/tally`).then(({ body }) => body.at_seq);
	const before = await board();
	await answerAll(kyiv, plant.id, 'yes');
	await eventually('the tally moved', async () => (await board()) > before);
});

test('accepted proposals are put in order by keyboard alone', async (test) => {
	const reader = await come(test, { handle: 'kyiv-reader-2' });
	const [question] = await questions(reader);
	const { cards } = (await reader.call('POST', `/questions/${question.id}/deal`, {})).body;
	for (const card of cards.slice(0, 3)) {
		await reader.call('PUT', `/concessions/${card.id}/answer`, { version: card.version, acceptance: 'yes' });
	}
	await reader.page.goto(`/order/${question.id}`);
	const down = reader.page.getByRole('button', { name: /^Move down/ });
	await down.first().focus();
	await reader.page.keyboard.press('Enter');
	await reader.page.getByRole('button', { name: 'Save this order' }).focus();
	await reader.page.keyboard.press('Enter');
	await eventually('the order is kept', async () => {
		const { tiers } = (await reader.call('GET', `/questions/${question.id}/ballot`)).body;
		return tiers.flat().length === 3;
	});
});

test('what a moderator hides is gone from an open page at once', async (test) => {
	const reader = await come(test);
	const moderator = await come(test, { handle: 'demo-moderator' });
	const author = await come(test, { handle: 'third-reader-1' });
	const made = await author.call('POST', `/frameworks/${slug}/points/9/threads`, {
		title: 'A thread to look at',
		body: 'Words that will be hidden.',
		kind: 'remark',
		language: 'en',
	});
	await reader.page.goto(`/points/9?thread=${made.body.thread.id}`);
	await reader.page.getByText('Words that will be hidden.').waitFor();
	const decision = { object: { kind: 'comment', id: made.body.comment.id }, action: 'hide', rule: 'R1', facts: 'It is a test.' };
	assert.equal((await moderator.call('POST', '/moderation/decisions', decision)).status, 201);
	await reader.page.getByText('Words that will be hidden.').waitFor({ state: 'detached' });
});
