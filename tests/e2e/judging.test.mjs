// Judging by finger: what a tap means, where tabs lead, and what the first screen of a phone shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { eventually, launch, person } from './browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** What this device holds of the hand being judged. */
const held = (page) =>
	page.evaluate(() => {
		const key = Object.keys(localStorage).find((name) => name.startsWith('demarche.hand.'));
		return key ? JSON.parse(localStorage.getItem(key)) : null;
	});

/** Two taps at one place, as fast as a finger is. */
async function doubleTap(page, target) {
	const box = await target.boundingBox();
	await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2, { delay: 20 });
}

test('a double tap answers one question of one card and chooses no viewpoint', async () => {
	const visitor = await person(browser, { width: 390 });
	const { page } = visitor;
	await page.goto('/');
	for (let n = 1; n <= 5; n++) {
		await page.getByText(`Proposal ${n} of 5`, { exact: true }).waitFor();
		const yes = page.getByRole('button', { name: 'Yes', exact: true });
		// The option takes pointers again.
		await yes.click({ trial: true });
		await doubleTap(page, yes);
		const second = page.getByRole('button', { name: 'Unlikely', exact: true });
		await second.click({ trial: true });
		assert.equal(Object.keys((await held(page)).given).length, n - 1, 'the second tap answered what the first one brought up');
		await doubleTap(page, second);
		await eventually('the card is answered', async () => Object.keys((await held(page)).given).length === n);
	}
	const title = page.getByRole('heading', { name: 'Which viewpoint is closest to yours?' });
	await title.waitFor();
	for (const camp of ['Kyiv', 'Moscow', 'I would rather not say']) {
		const option = page.getByRole('radio', { name: new RegExp(`^${camp}`) });
		await option.click({ trial: true });
		await doubleTap(page, option);
		await title.waitFor();
		assert.equal((await held(page)).camp, undefined, 'a viewpoint was taken that nobody confirmed');
	}
	// The consent stands between the choice and its confirmation.
	const consent = await page.getByText('Viewpoints are sensitive.').boundingBox();
	const confirm = page.getByRole('button', { name: 'Continue without a viewpoint' });
	assert.ok(consent.y < (await confirm.boundingBox()).y);
	await confirm.click();
	await page.getByRole('heading', { name: 'How others judged these proposals' }).waitFor();
	const { camp, given } = await held(page);
	assert.equal(camp, null);
	assert.deepEqual(Object.values(given).map((answer) => [answer.acceptance, answer.realism]), Array(5).fill(['yes', 'unlikely']));
	// Who has judged is not told to judge.
	await page.getByRole('link', { name: 'Results', exact: true }).click();
	await page.getByText('Save your answers to see all results').waitFor();
	await page.getByRole('button', { name: 'Save my answers so they count' }).click();
	await page.getByRole('heading', { name: 'How others judged these proposals' }).waitFor();
	await visitor.context.close();
});

test('on a card’s own page a double tap answers one question, and takes nothing back', async () => {
	const reader = await person(browser, { handle: 'moscow-reader-1', width: 390 });
	const { page } = reader;
	const [question] = (await reader.call('GET', '/frameworks/ukraine-2025')).body.questions;
	const { cards } = (await reader.call('POST', `/questions/${question.id}/deal`, {})).body;
	const kept = async ({ id }) => {
		const { answers } = (await reader.call('GET', `/questions/${question.id}/ballot`)).body;
		const found = answers.find(({ concession }) => concession === id);
		return found && [found.acceptance, found.realism];
	};
	const twice = async (button) => {
		await button.click({ trial: true });
		await doubleTap(page, button);
	};
	for (const [at, words, said] of [
		[0, ['Yes', 'Likely'], ['yes', 'likely']],
		[1, ['No', 'Unlikely'], ['no', 'unlikely']],
		[2, ['Can’t say', 'Maybe'], ['cannot_say', 'maybe']],
	]) {
		await page.goto(`/cards/${cards[at].id}`);
		// What comes late moves the buttons, and a tap that was aimed before misses them.
		await page.waitForLoadState('networkidle');
		await twice(page.getByRole('button', { name: words[0], exact: true }).first());
		const second = page.locator('.second-step').getByRole('button', { name: words[1], exact: true });
		await second.waitFor();
		assert.equal(await kept(cards[at]), undefined);
		await twice(second);
		await page.getByText('You said: ').waitFor();
		assert.deepEqual(await kept(cards[at]), said);
		await twice(page.getByRole('button', { name: 'Change my answer' }));
		await page.getByText('Would you accept this as part of a deal?').waitFor();
		assert.deepEqual(await kept(cards[at]), said);
	}
	await reader.context.close();
});

test('keys answer at once', async () => {
	const visitor = await person(browser);
	const { page } = visitor;
	await page.goto('/');
	await page.getByText('Proposal 1 of 5').waitFor();
	for (const key of ['1', '3', '3', '1']) await page.keyboard.press(key);
	const given = Object.values((await held(page)).given).map((answer) => [answer.acceptance, answer.realism]);
	assert.deepEqual(given.toSorted(), [['no', 'likely'], ['yes', 'unlikely']]);
	await visitor.context.close();
});

test('every card of a hand is asked about in the same words, before and after a viewpoint', async () => {
	const asked = new Set();
	for (const handle of [undefined, 'kyiv-reader-1', 'moscow-reader-2', 'third-reader-2']) {
		const reader = await person(browser, { handle });
		await reader.page.goto('/');
		asked.add(await reader.page.locator('.first-step legend').innerText());
		await reader.context.close();
	}
	assert.deepEqual([...asked], ['Would you accept this as part of a deal?']);
});

test('tabs have addresses, and Back returns to the tab and to where one was on it', async () => {
	const reader = await person(browser, { handle: 'demo-moderator', width: 390 });
	const { page } = reader;
	const [question] = (await reader.call('GET', '/frameworks/ukraine-2025')).body.questions;
	const { cards } = (await reader.call('POST', `/questions/${question.id}/deal`, {})).body;
	for (const card of cards) {
		await reader.call('PUT', `/concessions/${card.id}/answer`, { version: card.version, acceptance: 'yes', realism: 'maybe' });
	}
	await page.goto('/');
	await page.getByRole('link', { name: 'Results', exact: true }).click();
	await page.waitForURL(/view=board/);
	const far = page.locator('h3 a').nth(9);
	await far.scrollIntoViewIfNeeded();
	await far.click({ trial: true });
	// By what one sees: what stands above may have grown meanwhile.
	const top = (link) => link.evaluate((element) => element.getBoundingClientRect().top);
	const [there, title] = [await top(far), await far.innerText()];
	assert.ok((await page.evaluate(() => scrollY)) > 900, 'the tenth proposal stands far down');
	await far.click();
	await page.waitForURL(/\/cards\//);
	await page.getByRole('heading', { level: 1 }).waitFor();
	await page.goBack();
	await page.getByRole('heading', { name: 'What people could live with' }).waitFor();
	const same = page.locator('h3 a', { hasText: title });
	const back = () => eventually('the page is where it was', async () => Math.abs((await top(same)) - there) < 60);
	await back();
	assert.equal(await page.getByRole('link', { name: 'Results', exact: true }).getAttribute('aria-current'), 'page');
	await page.reload();
	await back();
	// Another's link leads there too.
	await page.goto(`/?question=${question.id}&view=order`);
	await page.locator('a[aria-current=page]', { hasText: 'Your order' }).waitFor();
	await page.goBack();
	await page.getByRole('heading', { name: 'What people could live with' }).waitFor();
	await reader.context.close();
});

for (const lang of ['en', 'uk', 'ru']) {
	test(`the first screen of a phone holds the title and four lines of a proposal above the buttons: ${lang}`, async () => {
		const visitor = await person(browser, { lang, width: 390 });
		const { page } = visitor;
		await page.setViewportSize({ width: 390, height: 844 });
		// The longest titles of the site, in place of the hand that the hour has dealt.
		const [question] = (await visitor.call('GET', '/frameworks/ukraine-2025')).body.questions;
		const cards = (await visitor.call('GET', `/questions/${question.id}/concessions?limit=100`)).body.items;
		const title = (card) => card.translations[lang]?.title ?? card.title;
		const ranked = cards.filter((card) => card.state === 'ranked');
		const longest = ranked.toSorted((a, b) => title(b).length - title(a).length)[0];
		const translated = ranked.find((card) => card.translations.uk);
		await page.goto('/');
		await page.locator('#hand').waitFor();
		for (const card of [longest, translated]) {
			await page.evaluate((first) => {
				const key = Object.keys(localStorage).find((name) => name.startsWith('demarche.hand.'));
				const hand = JSON.parse(localStorage.getItem(key));
				localStorage.setItem(key, JSON.stringify({ ...hand, cards: [first, ...hand.cards.filter(({ id }) => id !== first.id)] }));
			}, card);
			await page.reload();
			const heading = page.locator('#hand .title');
			await heading.filter({ hasText: title(card) }).waitFor();
			const seen = await page.evaluate(() => {
				const buttons = document.querySelector('.form').getBoundingClientRect().top;
				const text = document.querySelector('#hand .text');
				const line = Number.parseFloat(getComputedStyle(text).lineHeight);
				const box = text.getBoundingClientRect();
				const end = document.querySelector('.form').getBoundingClientRect().bottom;
				return {
					title: document.querySelector('#hand .title').getBoundingClientRect().bottom <= buttons,
					lines: Math.floor((Math.min(buttons, box.bottom) - box.top) / line + 0.1),
					all: box.bottom <= buttons,
					buttons: end <= innerHeight,
				};
			});
			assert.ok(seen.title && seen.buttons && (seen.lines >= 4 || seen.all), `${title(card)}: ${JSON.stringify(seen)}`);
		}
		await visitor.context.close();
	});
}

test('a starter card begins with what it asks, and where it comes from folds away', async () => {
	const file = JSON.parse(readFileSync(new URL('../../frameworks/starter-cards.json', import.meta.url), 'utf8'));
	for (const { key, body, translations } of file.cards) {
		for (const text of [body, translations.uk.body, translations.ru.body]) {
			const [ask, background, ...more] = text.split('\n\n***\n\n');
			assert.ok(ask && background && more.length === 0, key);
			// Dates and outlets are where it comes from.
			assert.doesNotMatch(ask, /20\d\d|\(/u, key);
		}
	}
	const visitor = await person(browser, { lang: 'uk', width: 390 });
	const [question] = (await visitor.call('GET', '/frameworks/ukraine-2025')).body.questions;
	const cards = (await visitor.call('GET', `/questions/${question.id}/concessions?limit=100`)).body.items;
	const starter = cards.find(({ title }) => title === file.cards[0].title);
	await visitor.page.goto(`/cards/${starter.id}`);
	const fold = visitor.page.locator('details.below');
	await fold.getByText('Звідки це').waitFor();
	assert.equal(await fold.getByRole('paragraph').isVisible(), false);
	await fold.getByText('Звідки це').click();
	await fold.getByRole('paragraph').waitFor();
	await visitor.context.close();
});
