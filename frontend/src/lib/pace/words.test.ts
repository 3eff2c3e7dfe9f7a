import { expect, it } from 'vitest';
import { wordIn } from './words';

it('finds words folded and whole, refusing ones first', () => {
  const rules = [
    { words: ['ґвалт*', 'two words'], effect: 'hold' as const, why: 'a' },
    { words: ['harsh'], effect: 'refuse' as const, why: 'b' },
  ];
  expect(wordIn(rules, 'Який ГВАЛТОВНИЙ!')?.word).toBe('ґвалт*');
  for (const harsh of ['ha\u0301rsh', 'har\u00adsh', 'HARSH', 'har\u034fsh'])
    expect(wordIn(rules, harsh)?.word).toBe('harsh');
  expect(wordIn(rules, 'two, words and harsh')?.word).toBe('harsh');
  expect(wordIn(rules, 'two more words, harshly')).toBeNull();
});
