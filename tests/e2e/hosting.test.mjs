// What hosts and moderators set: the pace, roles and links, what is typed there, and what stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './browser.mjs';

const slug = 'ukraine-2025';
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const pace = async (someone) => (await someone.call('GET', `/frameworks/${slug}`)).body.pace;

test('a moderator of some points sets the pace of these alone, and one of a language none', async () => {
	const owner = await person(browser, { handle: 'demo-owner' });
	const moderator = await person(browser, { handle: 'demo-moderator', width: 390 });
	const { page } = moderator;
	const { account } = (await owner.call('GET', `/frameworks/${slug}/team`)).body.items.find(({ handle }) => handle === 'demo-moderator');
	const limit = async (limits) => assert.equal((await owner.call('PUT', `/frameworks/${slug}/team/${account}`, { role: 'moderator', ...limits })).status, 200);
	await page.goto('/pace');
	await page.getByLabel('Raid mode is on').waitFor();
	await limit({ points: [3, 5] });
	await page.reload();
	await page.getByText('only points 3, 5').waitFor();
	for (const label of ['Raid mode is on', 'Seconds between two posts', 'How many a moderator checks first']) assert.equal(await page.getByLabel(label).count(), 0, label);
	await page.getByLabel('Individual points').fill('3: 60');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Saved. It applies from now on.').waitFor();
	assert.deepEqual((await pace(moderator)).slow_points, [{ point: 3, seconds: 60 }]);
	await page.getByLabel('Individual points').fill('3: 60, 4: 60');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByRole('alert').first().waitFor();
	assert.equal(await page.getByLabel('Individual points').inputValue(), '3: 60, 4: 60');
	await limit({ languages: ['uk'] });
	await page.reload();
	await page.getByText('Slow mode on point 3').waitFor();
	assert.equal(await page.getByRole('button', { name: 'Save', exact: true }).count(), 0);
	await limit({});
	await Promise.all([owner, moderator].map(({ context }) => context.close()));
});

test('what is told of the reader meanwhile takes nothing from what they type, nor the link that is shown once', async () => {
	const owner = await person(browser, { handle: 'demo-owner' });
	const moderator = await person(browser, { handle: 'demo-moderator-2' });
	const { page } = owner;
	const told = () => page.waitForResponse((answer) => answer.url().endsWith(`/api/v1/frameworks/${slug}`));
	let seconds = 120;
	/** Somebody else changes the settings, of which the page hears; it asks what that means for the reader. */
	const change = async () => {
		const now = await pace(moderator);
		const [, set] = await Promise.all([told(), moderator.call('PUT', `/frameworks/${slug}/pace`, { ...now, slow_points: [{ point: 9, seconds: seconds++ }] })]);
		assert.equal(set.status, 200, JSON.stringify(set.body));
	};
	await page.goto('/pace');
	await page.getByRole('button', { name: 'Add words' }).click();
	const pasted = 'Because '.repeat(40);
	await page.getByLabel('Words or phrases').fill('spam, carpets');
	const why = page.getByLabel('Reason the author is given');
	await why.fill(pasted);
	assert.equal(await why.inputValue(), pasted);
	await page.getByText(/^Too long by 119 characters/).waitFor();
	await change();
	assert.equal(await page.getByLabel('Words or phrases').inputValue(), 'spam, carpets');
	await page.goto('/team');
	await page.getByRole('button', { name: 'Make a link' }).click();
	const link = page.locator('code');
	await link.waitFor();
	const secret = await link.innerText();
	await change();
	assert.equal(await link.innerText(), secret);
	await page.getByText('0 of 1 used').waitFor();
	await Promise.all([owner, moderator].map(({ context }) => context.close()));
});

test('a name of an account, and one of a token, that are pasted too long stay whole, and are told to be so', async () => {
	const reader = await person(browser, { handle: 'third-reader-2' });
	const { page } = reader;
	await page.goto('/account');
	await page.getByText('Viewpoint, name and language').click();
	const pasted = 'Довге ім’я '.repeat(8);
	await page.getByText('Password, second factor and devices').click();
	await page.locator('summary', { hasText: 'token' }).click();
	for (const label of ['Display name', 'Name of the new token']) {
		const box = page.getByLabel(label);
		await box.fill(pasted);
		await page.locator('.field', { has: box }).getByText(/^Too long by \d+ characters/).waitFor();
		assert.equal(await box.inputValue(), pasted);
	}
	await page.goto(`/search?q=${'a'.repeat(201)}`);
	await page.getByRole('alert').getByText('This is too long.').waitFor();
	assert.equal(await page.getByRole('searchbox').inputValue(), 'a'.repeat(201));
	await reader.context.close();
});
