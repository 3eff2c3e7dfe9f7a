// A round ends in front of everybody: a mediator closes it, others see what came out, and a voter's browser checks a receipt.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeSource, launch, person } from './browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** What axe finds, and by how much the page is wider than the screen. */
async function faults(page) {
	const debug = await page.context().newCDPSession(page);
	await debug.send('Runtime.evaluate', { expression: axeSource });
	const { violations } = await page.evaluate(() => globalThis.axe.run());
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	return [...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`), ...(over > 0 ? [`${over}px too wide`] : [])];
}

test('a round is closed, read, checked and followed by the next', async () => {
	const visitor = await person(browser, { width: 390 });
	const lead = await person(browser, { handle: 'demo-owner' });
	const reader = await person(browser, { handle: 'kyiv-reader-1', width: 390 });
	const [question] = (await visitor.call('GET', '/frameworks/ukraine-2025')).body.questions;
	const { hand, cards = hand?.cards } = (await reader.call('POST', `/questions/${question.id}/deal`, {})).body;
	for (const card of cards) {
		const answer = await reader.call('PUT', `/concessions/${card.id}/answer`, { version: card.version, acceptance: 'yes' });
		assert.equal(answer.status, 200);
	}
	await visitor.page.goto(`/?question=${question.id}`);
	await visitor.page.getByRole('link', { name: 'Judge', exact: true }).waitFor();

	await lead.page.goto('/moderation/settings');
	const panel = lead.page.getByRole('article', { name: question.prompt.en });
	await panel.getByRole('button', { name: 'Close this round now' }).waitFor();
	assert.deepEqual(await faults(lead.page), []);
	await panel.getByRole('button', { name: 'Close this round now' }).click();
	await lead.page.getByRole('dialog').getByRole('button', { name: 'Close this round now' }).click();
	await panel.getByText('Round 1 is closed.').waitFor();

	// The visitor's page follows by itself.
	await visitor.page.getByRole('heading', { name: 'Results of round 1' }).waitFor();
	await visitor.page.goto(`/rounds/${question.id}/1`);
	await visitor.page.getByText('What this result does not say').waitFor();
	assert.deepEqual(await faults(visitor.page), []);
	const { root } = (await visitor.call('GET', `/questions/${question.id}/rounds`)).body.items[0];
	await visitor.page.getByText(root).waitFor();

	await reader.page.goto('/account');
	await reader.page.getByRole('button', { name: 'Check that my ballot was counted' }).first().click();
	await reader.page.getByText('Your ballot was counted.').waitFor();
	assert.deepEqual(await faults(reader.page), []);

	await panel.getByLabel('When people see results').selectOption('live');
	await panel.getByRole('button', { name: 'Open round 2' }).click();
	await lead.page.getByRole('dialog').getByRole('button', { name: 'Open round 2' }).click();
	await panel.getByText('Round 2 is open.').waitFor();
	await visitor.page.goto(`/?question=${question.id}`);
	await visitor.page.getByRole('link', { name: 'Judge', exact: true }).waitFor();
	await visitor.page.getByRole('link', { name: 'Results of round 1' }).waitFor();
	await Promise.all([visitor, lead, reader].map(({ context }) => context.close()));
});
