import { expect, it } from 'vitest';
import { fromTiers, moveTo, places, setTied, toTiers } from './order';

const list = fromTiers([['a'], ['b', 'c'], ['d']], ['a', 'b', 'c', 'd']);

it('keeps tiers through a round trip', () => {
  expect(toTiers(list)).toEqual([['a'], ['b', 'c'], ['d']]);
});

it('lets accepted cards that were not placed share the last tier, and leaves out what is no longer accepted', () => {
  expect(toTiers(fromTiers([['x', 'a']], ['a', 'b', 'c']))).toEqual([['a'], ['b', 'c']]);
  expect(toTiers(fromTiers([], ['a', 'b']))).toEqual([['a', 'b']]);
});

it('numbers places as readers expect', () => {
  expect(places(list)).toEqual([1, 2, 2, 4]);
});

it('moves a card to a place where it stands alone', () => {
  expect(toTiers(moveTo(list, 'd', 0))).toEqual([['d'], ['a'], ['b', 'c']]);
  expect(toTiers(moveTo(list, 'c', 0))).toEqual([['c'], ['a'], ['b'], ['d']]);
  expect(toTiers(moveTo(list, 'a', 3))).toEqual([['b', 'c'], ['d'], ['a']]);
});

it('leaves a tie whole when its leader moves away, and parts one that a card moves into', () => {
  expect(toTiers(moveTo(fromTiers([['a', 'b', 'c']], ['a', 'b', 'c']), 'a', 2))).toEqual([['b', 'c'], ['a']]);
  expect(toTiers(moveTo(list, 'a', 1))).toEqual([['b'], ['a'], ['c'], ['d']]);
});

it('bounds a place and ignores a card it does not know', () => {
  expect(toTiers(moveTo(list, 'a', 99)).at(-1)).toEqual(['a']);
  expect(moveTo(list, 'x', 0)).toEqual(list);
});

it('ties a card to the one above it, but never the first', () => {
  expect(toTiers(setTied(list, 'd', true))).toEqual([['a'], ['b', 'c', 'd']]);
  expect(toTiers(setTied(list, 'c', false))).toEqual([['a'], ['b'], ['c'], ['d']]);
  expect(toTiers(setTied(list, 'a', true))).toEqual(toTiers(list));
});
