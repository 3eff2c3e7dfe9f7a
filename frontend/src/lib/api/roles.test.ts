import { expect, it } from 'vitest';
import { atLeast } from './roles';

it('knows that a higher role may what a lower one may', () => {
  expect([
    atLeast('owner', 'moderator'),
    atLeast('participant', 'moderator'),
    atLeast(undefined, 'member'),
  ]).toEqual([true, false, false]);
});

it('takes a role that only a later version knows for none', () => {
  expect(atLeast('a_later_word' as never, 'member')).toBe(false);
});
