import { expect, it } from 'vitest';
import { newId } from './ids';

it('makes ids of version 7 that carry their time and sort by it', () => {
  const id = newId(0x0123_4567_89ab);
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId(1_000) < newId(2_000)).toBe(true);
  expect(newId()).not.toBe(newId());
});
