import { expect, it } from 'vitest';
import { may } from './roles';

it('knows that a higher role may what a lower one may', () => {
  expect([may('owner', 'moderate'), may('participant', 'moderate'), may(undefined, 'moderate')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('takes a role that only a later version knows for none', () => {
  expect(may('a_later_word' as never, 'moderate')).toBe(false);
});
