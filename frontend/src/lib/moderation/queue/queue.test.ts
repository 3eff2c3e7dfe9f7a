import { expect, it } from 'vitest';
import type { QueueEntry } from '$lib/api/wire';
import { compare, drop, matches, put } from './queue';

const entry = (id: string, score: number, opened_at = 0): QueueEntry => ({
  object: { kind: 'comment', id },
  excerpt: null,
  point: 1,
  language: 'en',
  score,
  because: [],
  opened_at,
  claimed_by: null,
  claimed_until: null,
  condition: { acts: [], fingerprint: '' },
});
const ids = (list: QueueEntry[]): string => list.map(({ object }) => object.id).join('');

it('stands in the server’s order: urgency, then how long it waits, then its id', () => {
  const list = [entry('d', 1, 5), entry('c', 1, 4), entry('b', 1, 4), entry('a', 9, 9)];
  expect(ids(list.toSorted(compare))).toBe('abcd');
});

it('puts in, moves and removes a thing', () => {
  const held = [entry('a', 9), entry('c', 3)];
  expect(ids(put(held, entry('b', 5), null))).toBe('abc');
  expect(ids(put(held, entry('c', 10), null))).toBe('ca');
  expect(ids(put(held, entry('d', 1), null))).toBe('acd');
  expect(ids(drop(held, 'a'))).toBe('c');
});

it('leaves to the next page what lies behind the edge, even where the last held thing has moved up', () => {
  const edge = entry('c', 3);
  const moved = put([entry('a', 9), edge], entry('c', 10), edge);
  expect(ids(moved)).toBe('ca');
  expect(ids(put(moved, entry('d', 4), edge))).toBe('cad');
  expect(ids(put(moved, entry('e', 1), edge))).toBe('ca');
  expect(ids(put(moved, entry('a', 1), edge))).toBe('c');
});

it('keeps to the filter', () => {
  expect(matches(entry('a', 1), { point: 1, language: null })).toBe(true);
  expect(matches(entry('a', 1), { point: 2, language: null })).toBe(false);
  expect(matches(entry('a', 1), { point: null, language: 'uk' })).toBe(false);
});
