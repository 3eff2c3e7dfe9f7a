import { expect, it } from 'vitest';
import { factsIn } from '.';
import en from '../rest/en';
import { LANGS } from '../index.svelte';

it.each(LANGS)('has five to eight sentences for every rule: %s', async (lang) => {
  const facts = await factsIn(lang);
  expect(Object.keys(facts).toSorted()).toEqual([...Object.keys(en.rules), 'fine'].toSorted());
  for (const sentences of Object.values(facts)) {
    expect(sentences.length).toBeGreaterThanOrEqual(5);
    expect(sentences.length).toBeLessThanOrEqual(8);
    expect(new Set(sentences).size).toBe(sentences.length);
  }
});
