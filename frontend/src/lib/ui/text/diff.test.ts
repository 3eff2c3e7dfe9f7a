import { expect, it } from 'vitest';
import { diff } from './diff';

const told = (before: string, after: string): string =>
  diff(before, after)
    .map(({ text, kind }) => (kind === 'same' ? text : `${kind === 'gone' ? '[-' : '[+'}${text}]`))
    .join('');

it('tells what was added, taken out and replaced', () => {
  expect(told('They leave by May.', 'They leave by June.')).toBe('They leave by[- May.][+ June.]');
  expect(told('They leave', 'They do not leave')).toBe('They[+ do not] leave');
  expect(told('Повний список дітей', 'Список дітей')).toBe('[-Повний список][+Список] дітей');
});

it('has nothing to tell of equal texts, and all of it where there was none', () => {
  expect(told('a b', 'a  b')).toBe('a  b');
  expect(told('', 'a b')).toBe('[+a b]');
  expect(told('a b', '')).toBe('[-a b]');
});
