import { describe, expect, it } from 'vitest';
import type { Found } from '$lib/api/wire';
import { pieces, place } from './search.svelte';

const found = (part: Partial<Found>): Found => ({
  kind: 'comment',
  id: 'c1',
  framework: 'f',
  slug: 'test',
  title: 'A thread',
  snippet: '',
  matches: [],
  thread: 't1',
  point: 4,
  concession: null,
  question: null,
  author: { id: 'a', handle: 'alice', display_name: null },
  created_at: 1,
  ...part,
});

describe('a result', () => {
  it('is cut at its matches, past letters of two units', () => {
    expect(pieces('😀 Grain ships', [[3, 8]])).toEqual([
      { text: '😀 ', match: false },
      { text: 'Grain', match: true },
      { text: ' ships', match: false },
    ]);
  });

  it('keeps its text where a match makes no sense', () => {
    const cut = pieces('abc', [
      [2, 9],
      [1, 2],
      [0, 1],
    ]);
    expect(cut.map((piece) => piece.text).join('')).toBe('abc');
  });

  it('leads to where it is read', () => {
    expect(place(found({}))).toBe('/comments/c1');
    expect(place(found({ kind: 'concession', id: 'k' }))).toBe('/cards/k');
    expect(place(found({ kind: 'thread', id: 't1' }))).toBe('/points/4?thread=t1');
    expect(place(found({ kind: 'thread', id: 't1', point: null, concession: 'k' }))).toBe(
      '/cards/k?thread=t1',
    );
  });
});
