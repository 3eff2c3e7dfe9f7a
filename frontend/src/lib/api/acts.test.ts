import { expect, it } from 'vitest';
import { appealable, fitting, ruleOf, urgent, wantsSecond } from './acts';
import type { Action, Because } from './wire';

it('offers for one thing what the server offers', () => {
  const acts: Action[] = ['approve', 'hide', 'split'];
  expect(fitting([acts])).toEqual(acts);
  expect(fitting([])).toEqual([]);
});

it('offers for several things what fits all of them, and nothing that is done to one alone', () => {
  const comment: Action[] = ['approve', 'hide', 'remove', 'split'];
  expect(fitting([comment, ['approve', 'hide', 'lock']])).toEqual(['approve', 'hide']);
  expect(fitting([comment, comment])).not.toContain('split');
  expect(fitting([comment, ['warn']])).toEqual([]);
});

it('reads the rule out of why a thing waits', () => {
  const reported: Because = { why: 'reported', reason: 'doxxing', count: 1, adds: 1000 };
  const held: Because = { why: 'held', count: 1, adds: 10 };
  expect(ruleOf([reported, held], 'comment')).toBe('R3');
  expect(ruleOf([held], 'concession')).toBe('R8');
  expect(ruleOf([held], 'comment')).toBe('');
  expect([urgent('threat'), urgent('spam'), urgent('')]).toEqual([true, false, false]);
});

it('offers and says nothing of what only a later version knows', () => {
  const later = 'a_later_word' as never;
  expect(
    fitting([
      ['approve', later],
      ['approve', later],
    ]),
  ).toEqual(['approve']);
  expect(fitting([[later]])).toEqual([]);
  expect([appealable(later), wantsSecond(later, 'comment'), urgent(later)]).toEqual([false, false, false]);
  expect(ruleOf([{ why: 'reported', reason: later, count: 1, adds: 1 }], 'comment')).toBe('');
});
