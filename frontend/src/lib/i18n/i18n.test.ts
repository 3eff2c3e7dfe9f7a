import { describe, expect, it, vi } from 'vitest';
import firstEn from './en';
import { choose, fill, i18n, preferred } from './index.svelte';
import restEn from './rest/en';
import restRu from './rest/ru';
import restUk from './rest/uk';
import firstRu from './ru';
import firstUk from './uk';

const en = { ...firstEn, ...restEn };
const uk = { ...firstUk, ...restUk };
const ru = { ...firstRu, ...restRu };

/** Strings that are rightly the same in every language. */
const SAME = new Set(['desk.queue.why.reported', 'desk.log.ended']);

type Leaf = [path: string, text: string];
function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    leaves(inner, path ? `${path}.${key}` : key),
  );
}
const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).toSorted();
/** The forms of a plural share one place: languages differ in how many they have. */
const place = (path: string): string => path.replace(/\.(one|few|many|other)$/, '');

const english = new Map(leaves(en));

describe.each([
  ['uk', uk],
  ['ru', ru],
])('the %s catalogue', (lang, catalogue) => {
  const own = leaves(catalogue);

  it('has words of its own everywhere', () => {
    const untranslated = own.filter(([path, text]) => english.get(path) === text && !SAME.has(path));
    expect(untranslated).toEqual([]);
  });

  it('fills in the same things as English', () => {
    const expected = new Map([...english].map(([path, text]) => [place(path), names(text)]));
    for (const [path, text] of own) expect([path, names(text)]).toEqual([path, expected.get(place(path))]);
  });

  it('has every plural form the language needs', () => {
    const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    const forms = new Map<string, string[]>();
    for (const [path] of own) {
      const form = /\.(one|few|many|other)$/.exec(path)?.[1];
      // `other` alone is also an ordinary key.
      if (form) forms.set(place(path), [...(forms.get(place(path)) ?? []), form]);
    }
    for (const [path, found] of forms) {
      if (found.includes('one')) expect([path, found.toSorted()]).toEqual([path, [...needed].toSorted()]);
    }
  });

  it('uses neither straight quotes nor Latin look-alikes inside Cyrillic words', () => {
    for (const [path, text] of own) {
      expect([path, /[А-яґєіїҐЄІЇ][a-z]|[a-z][А-яґєії]/i.test(text.replace(/\{\w+\}/g, ''))]).toEqual([
        path,
        false,
      ]);
    }
  });
});

it('chooses plural forms as Ukrainian does', () => {
  const said = (n: number): string => choose('uk', n, uk.framework.comments);
  expect([1, 2, 5, 11, 21, 112].map(said)).toEqual([
    '1 коментар',
    '2 коментарі',
    '5 коментарів',
    '11 коментарів',
    '21 коментар',
    '112 коментарів',
  ]);
});

it('leaves an unknown name in braces', () => {
  expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  expect([fill(undefined, { a: 1 }), fill('[{a}]', { a: undefined })]).toEqual(['', '[]']);
});

it('begins with the language chosen before, then the browser’s, then English', () => {
  expect(preferred(['de', 'uk-UA'], null)).toBe('uk');
  expect(preferred(['uk'], 'ru')).toBe('ru');
  expect(preferred(['de'], null)).toBe('en');
});

it.each([
  ['en', '27 November 2026', '27 Nov 2026', '27 November 2026 at 09:05'],
  ['uk', '27 листопада 2026', '27 лист. 2026 р.', '27 листопада 2026 р. о 09:05'],
  ['ru', '27 ноября 2026', '27 нояб. 2026 г.', '27 ноября 2026 г. в 09:05'],
] as const)(
  'writes dates as the interface’s language does, whatever the browser: %s',
  async (lang, day, moment, exact) => {
    const at = new Date(2026, 10, 27, 9, 5).getTime();
    await i18n.use(lang);
    vi.useFakeTimers({ now: at + 7 * 24 * 3600 * 1000 });
    expect([i18n.date('2026-11-27'), i18n.moment(at), i18n.exact(at)]).toEqual([day, moment, exact]);
    vi.useRealTimers();
  },
);
