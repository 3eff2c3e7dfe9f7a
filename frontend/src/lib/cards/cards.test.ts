import { expect, it } from 'vitest';
import type { Concession, Translation } from '$lib/api/wire';
import { textOf, unreviewedOf } from './cards';

const translation = {
  title: 'Картка',
  html: '<p>Так</p>',
  verifier: null,
  in_return: null,
  trigger: null,
  reviewed: true,
  imported: false,
} as Translation;
const card = {
  title: 'Card',
  html: '<p>Yes</p>',
  verifier: 'The agency',
  language: 'en',
  translations: { uk: translation },
} as unknown as Concession;

it('is shown in the reader’s language where there is a translation, with what that leaves out in the original', () => {
  const text = textOf(card, 'uk');
  expect([text.title, text.lang, text.verifier]).toEqual(['Картка', 'uk', 'The agency']);
  expect(text.untranslated.has('verifier')).toBe(true);
});

it('is shown as it was written to everybody else', () => {
  expect([textOf(card, 'en').title, textOf(card, 'ru').title, textOf(card, 'ru').lang]).toEqual([
    'Card',
    'Card',
    'en',
  ]);
});

it('is shown as it was written, with the translation under it, until that was reviewed', () => {
  const proposed = { ...translation, reviewed: false };
  const of = (one: Translation) => ({ ...card, translations: { uk: one } }) as Concession;
  expect(textOf(of(proposed), 'uk').title).toBe('Card');
  expect(unreviewedOf(of(proposed), 'uk')?.title).toBe('Картка');
  // What the host brings was reviewed by the host.
  expect(textOf(of({ ...proposed, imported: true }), 'uk').title).toBe('Картка');
  expect(unreviewedOf(card, 'uk')).toBeNull();
});
