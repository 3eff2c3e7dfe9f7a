import { expect, it } from 'vitest';
import { firstSentence } from './proposal.svelte';

it('takes a title from the first sentence', () => {
  expect(firstSentence('Moscow returns the children. A registry checks.')).toBe(
    'Moscow returns the children',
  );
  expect(firstSentence('  Обмін усіх на всіх!\nДругий рядок')).toBe('Обмін усіх на всіх!');
});

it('cuts a long one at a word', () => {
  const title = firstSentence('word '.repeat(60));
  expect(title.length).toBeLessThanOrEqual(160);
  expect(title.endsWith('word…')).toBe(true);
});
