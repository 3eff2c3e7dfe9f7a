/**
 * Photographs every page of a running server, and refuses to go on where a page overflows or axe finds fault.
 *
 *   make screens                                                       beside a fresh demo
 *   node scripts/screens.mjs http://127.0.0.1:8080 ../docs/screens [handle password]
 *
 * With an account that moderates, the pages for signed-in people are shown as they see them.
 * CHROMIUM names the browser; the system's is taken otherwise. ONLY=card,scope takes some pages alone.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { DEMARCHE_URL, DEMARCHE_DATA } = process.env;
const demo =
  DEMARCHE_DATA &&
  (await readFile(join(DEMARCHE_DATA, 'demo-accounts.txt'), 'utf8')).match(/^(demo-moderator)\t(\S+)/m);
const [
  base = DEMARCHE_URL ?? 'http://127.0.0.1:8080',
  folder = 'docs/screens',
  handle = demo?.[1],
  password = demo?.[2],
] = process.argv.slice(2);
const SIGNED_IN = new Set(['account', 'order', 'my-items', 'moderation', 'settings', 'item', 'pace-set']);
const LOOKS = ['en', 'uk'].flatMap((lang) =>
  [390, 1280].flatMap((width) => ['light', 'dark'].map((scheme) => ({ lang, width, scheme }))),
);

const get = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
const { slug } = (await get('/frameworks')).items[0];
const framework = await get(`/frameworks/${slug}`);
const question = framework.questions[0];
const card = (await get(`/questions/${question.id}/concessions`)).items[0];
const thread = (await get(`/frameworks/${slug}/points/${question.point}/threads`)).items[0];
const pages = {
  question: '/',
  framework: '/framework',
  point: `/points/${question.point}${thread ? `?thread=${thread.id}` : ''}`,
  card: `/cards/${card.id}`,
  propose: `/propose/${question.id}`,
  order: `/order/${question.id}`,
  lineage: '/lineage',
  'sign-in': '/sign-in',
  register: '/register',
  reset: '/reset?token=none',
  account: '/account',
  rules: '/pages/rules',
  privacy: '/pages/privacy',
  contact: '/pages/contact',
  about: '/pages/about',
  counting: '/pages/counting',
  log: '/log',
  scope: '/scope',
  record: '/log/record',
  notice: '/notice/none',
  'my-items': '/my-items',
  moderation: '/moderation',
  pace: '/pace',
  'pace-set': '/pace',
  settings: '/moderation/settings',
  item: `/moderation/items/concession/${card.id}`,
  missing: '/nowhere',
};

const only = process.env.ONLY?.split(',');
const wanted = Object.entries(pages).filter(([name]) => !only || only.includes(name));

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
const faults = [];
await mkdir(folder, { recursive: true });

for (const { lang, width, scheme } of LOOKS) {
  const viewport = { width, height: width < 600 ? 844 : 900 };
  const options = { viewport, colorScheme: scheme, locale: lang, reducedMotion: 'reduce' };
  const visitor = await browser.newContext(options);
  const member = await browser.newContext(options);
  if (handle) {
    const signedIn = await member.request.post(`${base}/api/v1/session`, {
      data: { handle, password },
      headers: { Origin: new URL(base).origin },
    });
    if (!signedIn.ok()) throw new Error(`signing in as ${handle}: ${signedIn.status()}`);
  }
  for (const context of [visitor, member]) {
    await context.addInitScript(
      (chosen) => localStorage.setItem('demarche.locale', JSON.stringify(chosen)),
      lang,
    );
  }
  for (const [name, path] of wanted) {
    const page = await (SIGNED_IN.has(name) ? member : visitor).newPage();
    const where = `${name}-${lang}-${width}-${scheme}`;
    page.on('pageerror', (error) => faults.push(`${where}: ${error.message}`));
    await page.goto(base + path);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, `${where}.png`), fullPage: false });
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (over > 0) faults.push(`${where}: ${over} px too wide`);
    for (const { id, nodes } of await violations(page)) faults.push(`${where}: ${id} (${nodes})`);
    await page.close();
  }
  await visitor.close();
  await member.close();
}
await browser.close();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

/** What axe finds; it is brought in by the debugger, past the page's own policy. */
async function violations(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: axe });
  const { result } = await debug.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      JSON.stringify(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html).join(' ') }))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(result.value);
}
