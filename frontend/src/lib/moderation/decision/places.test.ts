import { expect, it } from 'vitest';
import { find, type Place } from './places';

const places: Place[] = [
  { target: { point: 1 }, number: 1, title: 'Point 1: Sovereignty' },
  { target: { point: 11 }, number: 11, title: 'Point 11: Reconstruction' },
  { target: { into: 'c' }, number: null, title: 'Proposal: Monthly lists of prisoners' },
];
const found = (typed: string): string[] => find(places, typed).map(({ title }) => title);

it('finds a point by its number first', () => {
  expect(found('1')).toEqual([places[0]!.title, places[1]!.title]);
  expect(found('11')).toEqual([places[1]!.title]);
});

it('finds by all words of a title, whatever their case and order', () => {
  expect(found('PRISONERS lists')).toEqual([places[2]!.title]);
  expect(found('prisoners Crimea')).toEqual([]);
});

it('finds nothing before anything is typed', () => {
  expect(found('  ')).toEqual([]);
});
