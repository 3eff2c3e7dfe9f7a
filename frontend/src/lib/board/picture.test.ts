import { expect, it } from 'vitest';
import type { TallyItem } from '$lib/api/wire';
import { belief, merged, places } from './picture';

const camp = (likely: number, maybe: number, unlikely: number) => ({
  realism: { likely, maybe, unlikely },
});
const item = { camps: { kyiv: camp(2, 4, 2), moscow: camp(6, 0, 2), neither: null } } as unknown as TallyItem;

it('counts likely and half of maybe, of the viewpoints that show', () => {
  expect(belief(item, ['kyiv'])).toEqual({ share: 0.5, n: 8 });
  expect(belief(item, ['moscow', 'neither'])).toEqual({ share: 0.75, n: 8 });
  expect(belief(item, ['kyiv', 'moscow'])).toEqual({ share: 0.625, n: 16 });
  expect(belief(item, ['neither'])).toBeNull();
});

it('draws cards that would cover each other as one mark', () => {
  const marks = [
    { x: 0.1, y: 0.1, ranks: [1] },
    { x: 0.9, y: 0.9, ranks: [2] },
    { x: 0.12, y: 0.1, ranks: [3] },
  ];
  const groups = merged(marks, 0.05);
  expect(groups.map(({ ranks }) => ranks)).toEqual([[1, 3], [2]]);
  expect(groups[0]!.x).toBeCloseTo(0.11);
});

it('gives equal numbers one place and nothing none', () => {
  expect(places([0.5, 0.9, null, 0.5, 0.1])).toEqual([2, 1, null, 2, 4]);
});
