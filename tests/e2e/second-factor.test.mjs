// A role that waits, a second factor set up by keyboard, and signing in with it; in the three languages nothing overflows.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axeSource, launch, password, person } from './browser.mjs';
import { freePort, start } from './server.mjs';

let browser;
let server;
let base;
const folder = mkdtempSync(join(tmpdir(), 'demarche-'));
before(async () => {
	browser = await launch();
	const port = await freePort();
	base = `http://127.0.0.1:${port}`;
	server = await start(folder, port, '--second-factor', 'required');
});
after(async () => {
	await browser.close();
	server.kill('SIGKILL');
	rmSync(folder, { recursive: true, force: true });
});

/** The code of a step so many after the present one (RFC 6238), as an app makes it. */
function code(key, steps = 0) {
	const bits = [...key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
	const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
	const mac = createHmac('sha1', bytes).update(counter).digest();
	const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
	return String(number % 1_000_000).padStart(6, '0');
}

/** Asserts that the page fits, that axe finds nothing and the content policy refused nothing; photographs it where asked. */
async function looks(page, name) {
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	assert.equal(over, 0, `${name} is ${over}px wider than the screen`);
	const debug = await page.context().newCDPSession(page);
	await debug.send('Runtime.evaluate', { expression: axeSource });
	const { violations } = await page.evaluate(() => globalThis.axe.run());
	assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`), [], name);
	if (!process.env.PHOTOS) return;
	mkdirSync(process.env.PHOTOS, { recursive: true });
	for (const [width, colorScheme] of [[390, 'light'], [390, 'dark'], [1280, 'light'], [1280, 'dark']]) {
		await page.setViewportSize({ width, height: 900 });
		await page.emulateMedia({ colorScheme });
		await page.screenshot({ path: join(process.env.PHOTOS, `${name}-${width}-${colorScheme}.png`), fullPage: true });
	}
	await page.emulateMedia({ colorScheme: 'light' });
	await page.setViewportSize({ width: 390, height: 900 });
}

test('a moderator sets up a second factor by keyboard, and signs in with it', async () => {
	const { page } = await person(browser, { handle: 'demo-moderator', width: 390, base, folder });
	const faults = [];
	page.on('console', (message) => message.type() === 'error' && /policy|CSP/i.test(message.text()) && faults.push(message.text()));
	page.on('pageerror', (error) => faults.push(error.message));
	const secret = password('demo-moderator', folder);

	await page.goto('/');
	await page.getByRole('link', { name: 'Moderation', exact: true }).click();
	await page.getByText('Your role needs a second factor').waitFor();
	await looks(page, 'waits');
	await page.getByRole('link', { name: 'Set up a second factor' }).click();
	const section = page.getByRole('region', { name: 'Second factor' });
	await section.getByText('The role you were given here (moderator)').waitFor();
	await section.getByLabel('Current password').focus();
	await page.keyboard.type('battery staple');
	await page.keyboard.press('Enter');
	await section.getByText('This is wrong.').waitFor();
	await section.getByLabel('Current password').fill(secret);
	await page.keyboard.press('Enter');
	await section.getByRole('img', { name: 'QR code with the key' }).waitFor();
	await looks(page, 'key');
	const key = (await section.locator('code').textContent()).replaceAll(' ', '');
	assert.match(key, /^[A-Z2-7]{32}$/);
	// The field has the focus: the code is typed at once.
	const shown = code(key);
	await page.keyboard.type(`${shown.slice(0, 3)} ${shown.slice(3)}`);
	await page.keyboard.press('Enter');
	await section.getByText('The second factor is on.').waitFor();
	await looks(page, 'on');
	await page.goto('/moderation');
	await page.getByRole('heading', { name: /waiting$/ }).waitFor();

	await page.goto('/account');
	await page.getByRole('button', { name: 'Sign out' }).click();
	await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
	await page.goto('/sign-in');
	await page.getByLabel('Name').fill('demo-moderator');
	await page.getByLabel('Password').fill(secret);
	await page.keyboard.press('Enter');
	await page.getByLabel('Code from the app').waitFor();
	await looks(page, 'asked');
	await page.keyboard.type(shown);
	await page.keyboard.press('Enter');
	await page.getByText('This is wrong.').waitFor();
	await page.getByLabel('Code from the app').fill(code(key, 1));
	await page.keyboard.press('Enter');
	await page.getByRole('link', { name: 'demo-moderator' }).waitFor();
	assert.deepEqual(faults, []);
	await page.context().close();
});

test('somebody who lost the phone removes it with a recovery code', async () => {
	const { context, call, page } = await person(browser, { lang: 'uk', width: 390, base, folder });
	const made = await call('POST', '/accounts', { handle: 'olena', password: 'correct horse' });
	const { secret } = (await call('POST', '/me/second-factor', { password: 'correct horse' })).body;
	assert.equal((await call('PUT', '/me/second-factor', { code: code(secret) })).status, 200);
	await page.goto('/account#second-factor');
	const section = page.getByRole('region', { name: 'Другий фактор' });
	await section.getByText('Вилучити другий фактор').click();
	await section.getByRole('button', { name: 'Скористатися кодом відновлення' }).click();
	await section.getByLabel('Теперішній пароль').fill('correct horse');
	await section.getByLabel('Код відновлення').fill(made.body.recovery_codes[0]);
	await looks(page, 'remove-uk');
	await page.keyboard.press('Enter');
	await section.getByText('Другий фактор вилучено.').waitFor();
	assert.equal((await call('GET', '/me')).body.second_factor, null);
	await context.close();
});
