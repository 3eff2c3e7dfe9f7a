import { expect, it } from 'vitest';
import { fitting, ruleOf, stateInQueue } from './acts';
import type { Because, QueueEntry } from './api/wire';

it('offers what fits the thing as it is', () => {
  expect(fitting([{ kind: 'comment', state: 'visible' }])).toEqual([
    'approve',
    'hide',
    'remove',
    'hold',
    'split',
  ]);
  expect(fitting([{ kind: 'comment', state: 'hidden' }])).toEqual(['approve', 'remove', 'restore']);
  expect(fitting([{ kind: 'concession', state: 'provisional' }])[0]).toBe('confirm_scope');
  expect(fitting([{ kind: 'account', state: 'free' }])).not.toContain('lift');
});

it('offers for several things what fits all of them, and nothing that is done to one alone', () => {
  const several = [
    { kind: 'comment' as const, state: 'visible' },
    { kind: 'thread' as const, state: null },
  ];
  expect(fitting(several)).toEqual(['approve', 'hide', 'remove']);
  expect(fitting([...several, { kind: 'account', state: null }])).toEqual(['approve']);
  expect(fitting([several[0]!, several[0]!])).not.toContain('split');
});

const waits = (...because: Because[]): QueueEntry => ({
  object: { kind: 'comment', id: 'c' },
  excerpt: null,
  point: null,
  language: null,
  score: 0,
  because,
  opened_at: 0,
  claimed_by: null,
  claimed_until: null,
});

it('reads the rule and the state out of why a thing waits', () => {
  const reported: Because = { why: 'reported', reason: 'doxxing', count: 1, adds: 1000 };
  const held: Because = { why: 'held', count: 1, adds: 10 };
  expect(ruleOf([reported, held], 'comment')).toBe('R3');
  expect(ruleOf([held], 'concession')).toBe('R8');
  expect(ruleOf([held], 'comment')).toBe('');
  expect(stateInQueue(waits(reported, held))).toBe('held');
  expect(stateInQueue(waits(reported))).toBe('visible');
  expect(stateInQueue(waits({ why: 'appealed', count: 1, adds: 30 }))).toBe(null);
});
