import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { isStored } from './hand-stored';
import { Outbox } from './outbox';
import { flag, listOf, object, optional, text } from './shape';
import { Shelf, device } from './storage';

beforeEach(() => localStorage.clear());

const blocked = new Shelf(() => {
  throw new DOMException('denied', 'SecurityError');
});
const full = new Shelf(
  () =>
    new Proxy(localStorage, {
      get: (area, name) =>
        name === 'setItem'
          ? () => {
              throw new DOMException('full', 'QuotaExceededError');
            }
          : (Reflect.get(area, name) as () => unknown).bind(area),
    }),
);

it.each([
  ['blocked', blocked],
  ['full', full],
])('goes on from memory where storage is %s', (_, shelf) => {
  shelf.save('seen', true);
  expect(shelf.load('seen', flag)).toBe(true);
  expect(shelf.keys('se')).toEqual(['seen']);
  shelf.forget('seen');
  expect(shelf.load('seen', flag)).toBeNull();
});

it('does not bring back an older value in place of one that did not fit', () => {
  device.save('word', 'old');
  full.save('word', 'new');
  expect(full.load('word', text)).toBe('new');
  expect(localStorage.getItem('demarche.word')).toBeNull();
});

it('forgets nonsense, and nothing else', () => {
  const shape = object<{ words: string[]; seen?: boolean }>({
    words: listOf(text),
    seen: optional(flag) as never,
  });
  device.save('good', { words: ['a'] });
  for (const kept of ['{', 'null', '7', '[]', '{"words":"a"}', '{"words":[1]}', '{"words":[],"seen":1}']) {
    localStorage.setItem('demarche.bad', kept);
    expect(device.load('bad', shape), kept).toBeNull();
    expect(localStorage.getItem('demarche.bad'), kept).toBeNull();
  }
  expect(device.load('good', shape)).toEqual({ words: ['a'] });
});

it('takes from a poisoned outbox what is a command, and drops the rest', () => {
  const good = {
    id: 'i',
    account: 'a',
    framework: 'f',
    slug: 's',
    command: { type: 'join' },
    at: Date.now(),
  };
  for (const kept of [[null, 7, {}, good, { ...good, at: 'now' }], { entries: [good] }, 'x']) {
    device.save('outbox', kept);
    const { entries } = new Outbox(async () => null);
    expect(entries.map(({ id }) => id)).toEqual(Array.isArray(kept) ? ['i'] : []);
  }
});

it('knows a hand of another shape', () => {
  expect(isStored({ deal: 'd', expires_at: 1, cards: [{}], given: {}, owner: null })).toBe(false);
  expect(
    isStored({ deal: 'd', expires_at: 1, cards: [], given: { c: { acceptance: 'maybe' } }, owner: null }),
  ).toBe(false);
  expect(isStored({ deal: 'd', expires_at: 1, cards: [], given: {}, owner: null })).toBe(true);
});

it('is the only file that names the browser’s storage', () => {
  const source = join(process.cwd(), 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(ts|svelte)$/.test(file),
  );
  const naming = files.filter(
    (file) =>
      !file.endsWith('.test.ts') &&
      /\b(local|session)Storage\b/.test(readFileSync(join(source, file), 'utf8')),
  );
  expect(naming).toEqual([join('lib', 'kept', 'storage.ts')]);
});
