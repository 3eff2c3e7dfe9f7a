// Every page in English and Ukrainian: axe finds nothing, nothing overflows, and the page reads as it did (ARIA snapshots).
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axeSource, launch, person } from './browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Pages that read the same on every fresh demo get a snapshot; the others hold hands of the hour, times and ids. */
const PAGES = {
	question: ['/', false],
	framework: ['/framework', true],
	point: ['/points/3', false],
	propose: ['/propose/{question}', true],
	order: ['/order/{question}', false],
	lineage: ['/lineage', true],
	'sign-in': ['/sign-in', true],
	register: ['/register', true],
	account: ['/account', false],
	rules: ['/pages/rules', true],
	privacy: ['/pages/privacy', true],
	contact: ['/pages/contact', true],
	about: ['/pages/about', true],
	counting: ['/pages/counting', true],
	log: ['/log', false],
	pace: ['/pace', true],
	search: ['/search?q=prisoners', false],
	team: ['/team', true],
	scope: ['/scope', true],
	record: ['/log/record', true],
	notice: ['/notice#code=no-such-code', true],
	'my-items': ['/my-items', true],
	moderation: ['/moderation', true],
	settings: ['/moderation/settings', true],
	item: ['/moderation/items/comment/{comment}', false],
	missing: ['/nowhere', true],
};
const MEMBERS = new Set(['order', 'account', 'my-items', 'moderation', 'settings', 'item']);
const folder = new URL('aria/', import.meta.url);

for (const lang of ['en', 'uk']) {
	test(`every page is accessible, fits and reads well: ${lang}`, async (t) => {
		const visitor = await person(browser, { lang, width: 390 });
		const member = await person(browser, { lang, width: 390, handle: 'demo-moderator' });
		const [question] = (await visitor.call('GET', '/frameworks/ukraine-2025')).body.questions;
		const [thread] = (await visitor.call('GET', '/frameworks/ukraine-2025/points/5/threads')).body.items;
		const [comment] = (await visitor.call('GET', `/threads/${thread.id}`)).body.comments.items;
		for (const [name, [path, stable]] of Object.entries(PAGES)) {
			await t.test(name, async () => {
				const { page } = MEMBERS.has(name) ? member : visitor;
				await page.goto(path.replace('{question}', question.id).replace('{comment}', comment.id));
				await page.waitForLoadState('networkidle');
				await page.getByRole('main').waitFor();
				const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
				assert.equal(over, 0, `${name} is ${over}px wider than the screen`);
				// By the debugger: the page's policy lets no script in but its own.
				const debug = await page.context().newCDPSession(page);
				await debug.send('Runtime.evaluate', { expression: axeSource });
				const { violations } = await page.evaluate(() => globalThis.axe.run());
				assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`), []);
				if (!stable) return;
				const read = await page.getByRole('main').ariaSnapshot();
				const seen = `${read.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}/g, '{id}')}\n`;
				const file = new URL(`${name}.${lang}.yml`, folder);
				if (process.env.UPDATE) {
					mkdirSync(folder, { recursive: true });
					writeFileSync(file, seen);
				}
				assert.ok(existsSync(file), `no snapshot of ${name}: run with UPDATE=1 and look at it`);
				assert.equal(seen, readFileSync(file, 'utf8'));
			});
		}
		await Promise.all([visitor.context.close(), member.context.close()]);
	});
}
