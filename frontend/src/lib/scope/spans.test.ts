import { expect, it } from 'vitest';
import { pieces, rulesOf } from './spans';

const match = (start: number, end: number, rule = 'a') => ({ field: 'body', start, end, rule });

it('cuts by Unicode scalars, not by UTF-16 units', () => {
  expect(pieces('🕊🕊 віддає Донбас.', [match(3, 16)])).toEqual([
    { text: '🕊🕊 ' },
    { text: 'віддає Донбас', rule: 'a' },
    { text: '.' },
  ]);
});

it('keeps every letter once where matches overlap', () => {
  const found = pieces('abcdef', [match(2, 5, 'b'), match(0, 3), match(1, 2, 'c')]);
  expect(found).toEqual([{ text: 'abc', rule: 'a' }, { text: 'de', rule: 'b' }, { text: 'f' }]);
  expect(pieces('abc', [])).toEqual([{ text: 'abc' }]);
});

it('names each rule once', () => {
  expect(rulesOf([match(0, 1, 'b'), match(2, 3, 'a'), match(4, 5, 'b')])).toEqual(['b', 'a']);
});
