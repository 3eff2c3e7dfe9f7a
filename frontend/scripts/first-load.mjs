/**
 * Opens pages of a running server as somebody does who has never been there, on a slow line and a slow phone, and tells what
 * it cost: requests, bytes, how long until there was something to read, and how far things moved meanwhile. Fonts and data
 * count, the socket does not.
 *
 *   make pages-check                                      beside a fresh demo
 *   node scripts/first-load.mjs http://127.0.0.1:8080
 *
 * Fails where a page is above its budget of requests, bytes or movement, or where the console tells of an error. Times depend
 * on the machine and are told only. CHROMIUM names the browser; ONLY=/framework takes one page, FILES=1 lists what was fetched.
 */
import { chromium } from 'playwright-core';

const base = process.argv[2] ?? process.env.DEMARCHE_URL ?? 'http://127.0.0.1:8080';
/** 1.6 Mbit/s, and a round trip of 150 ms. */
const LINE = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const SLOWER = 4;
/** The page has come when nothing has been under way for so long. */
const QUIET_MS = 1_500;
const REQUESTS = 15;
const MOVED = 0.05;
const BYTES = { en: 160_000, uk: 180_000, ru: 180_000 };
const get = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
const { slug } = (await get('/frameworks')).items[0];
const [question] = (await get(`/frameworks/${slug}`)).questions;
const [card] = (await get(`/questions/${question.id}/concessions`)).items;
/** Each page: what somebody comes to read, and how many more requests it may take for what it counts. */
const PAGES = {
  '/': { first: 'main article', requests: 0 },
  '/framework': { first: 'main h1', requests: 0 },
  '/points/5': { first: 'main h1', requests: 0 },
  [`/cards/${card.id}`]: { first: 'main h1', requests: 2 },
  '/?view=board': { first: 'main h2', requests: 3 },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
const faults = [];
console.log('| page | requests | kB | first to read, s | LCP, s | CLS |\n|---|---|---|---|---|---|');
for (const [path, page] of Object.entries(PAGES)) {
  if (process.env.ONLY && !path.startsWith(process.env.ONLY)) continue;
  for (const lang of Object.keys(BYTES)) await visit(path, page, lang);
}
await browser.close();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

async function visit(path, { first, requests }, lang) {
  const where = `${path} (${lang})`;
  const phone = {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  };
  const context = await browser.newContext({ ...phone, locale: lang });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${where}: ${error.message}`));
  page.on('console', (said) => said.type() === 'error' && faults.push(`${where}: ${said.text()}`));
  await page.addInitScript(watch, first);
  const debug = await context.newCDPSession(page);
  await debug.send('Network.enable');
  await debug.send('Network.emulateNetworkConditions', LINE);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const files = follow(debug);
  await page.goto(base + path);
  await files.quiet();
  const { shown, lcp, moves } = await page.evaluate(() => globalThis.firstLoad);
  const moved = moves.reduce((sum, { value }) => sum + value, 0);
  const sum = files.list.reduce((total, file) => total + file.bytes, 0);
  const cells = [files.list.length, (sum / 1000).toFixed(1), seconds(shown), seconds(lcp), moved.toFixed(3)];
  console.log(`| ${where} | ${cells.join(' | ')} |`);
  if (process.env.FILES) {
    for (const { url, bytes: size, from, to } of files.list)
      console.log(`    ${size} ${from}-${to} ${url.replace(base, '')}`);
    for (const { value, what } of moves) console.log(`    moved ${value.toFixed(4)}: ${what}`);
  }
  const over = (what, is, most) => is > most && faults.push(`${where}: ${what} ${is}, at most ${most}`);
  over('requests', files.list.length, REQUESTS + requests);
  over('bytes', sum, BYTES[lang]);
  over('movement', moved, MOVED);
  if (shown === null) faults.push(`${where}: no ${first}`);
  await context.close();
}

function seconds(ms) {
  return ms === null ? '–' : (ms / 1000).toFixed(2);
}

/** In the page: when what one comes for was there, and what moved. */
function watch(selector) {
  const seen = { shown: null, lcp: null, moves: [] };
  globalThis.firstLoad = seen;
  const look = () => {
    if (document.querySelector(selector)) seen.shown = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const name = (node) => node?.outerHTML?.slice(0, 90) ?? node?.textContent?.slice(0, 40) ?? 'gone';
  const from = (rect) => `${rect.y}+${rect.height}`;
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      const what = sources.map(
        (source) => `${name(source.node)} ${from(source.previousRect)} → ${from(source.currentRect)}`,
      );
      seen.moves.push({ value, what: what.join('\n        ') });
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    seen.lcp = list.getEntries().at(-1).startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
}

/** What is fetched, in bytes on the wire, and when all of it is there. */
function follow(debug) {
  const list = [];
  const under = new Map();
  let heard = () => {};
  let begin = 0;
  debug.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
    if (request.url.startsWith('data:')) return;
    begin ||= timestamp;
    under.set(requestId, { url: request.url, at: timestamp });
    heard();
  });
  const end = ({ requestId, encodedDataLength = 0, timestamp }) => {
    const file = under.get(requestId);
    if (!file) return;
    under.delete(requestId);
    const since = (moment) => Math.round((moment - begin) * 1000);
    list.push({ url: file.url, bytes: encodedDataLength, from: since(file.at), to: since(timestamp) });
    heard();
  };
  debug.on('Network.loadingFinished', end);
  debug.on('Network.loadingFailed', end);
  const quiet = () =>
    new Promise((resolve) => {
      let timer;
      heard = () => {
        clearTimeout(timer);
        if (under.size === 0) timer = setTimeout(resolve, QUIET_MS);
      };
      heard();
    });
  return { list, quiet };
}
