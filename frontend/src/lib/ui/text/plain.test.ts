import { expect, test } from 'vitest';
import { cut, firstLine } from './plain';

test('a title from the first line is in plain words', () => {
  expect(firstLine('**Важливо**: > 50 % [посилання](https://a.example) _так_\nдруге')).toBe(
    'Важливо: > 50 % посилання так',
  );
  expect(firstLine('> ## *One* `two_three` ~~four~~ snake_case 2 * 3')).toBe(
    'One two_three four snake_case 2 * 3',
  );
  expect(firstLine('* [x] 1\\. \\*so\\* &amp; &#1090;&shy;ак &foo;')).toBe('[x] 1. *so* & так &foo;');
  expect(firstLine('See https://example.org/_a_/*b* and <https://a.example/__c__>')).toBe(
    'See https://example.org/_a_/*b* and https://a.example/__c__',
  );
  expect(firstLine('![map](https://a.example/a_(b).png) of [it](https://a.example "title")')).toBe(
    'map of it',
  );
});

test('a title comes from the first line that says anything', () => {
  expect(firstLine('\n---\n> \n```\n<!-- x\ny -->\u200d\nsecond\nthird')).toBe('second');
  expect(firstLine(' \u2800\n#\n&nbsp;')).toBe('');
});

test('a title is cut between characters, at a word', () => {
  for (const whole of ['😀', '👩‍🚀', 'е\u0301', '🇺🇦']) {
    const title = firstLine(`${'a'.repeat(159)}${whole} and more`);
    expect([...new Intl.Segmenter().segment(title)].length).toBeLessThanOrEqual(160);
    expect(title.isWellFormed()).toBe(true);
    expect(cut(`${'a'.repeat(158)}${whole}`, 160)).toBe(`${'a'.repeat(158)}${whole}`);
    expect(cut(whole.repeat(200), 10)).toBe(`${whole.repeat(9)}…`);
  }
  expect(cut('один два три', 9)).toBe('один…');
});

test('a title of characters put together of many fits what the server takes', () => {
  for (const many of ['👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', `а${'\u0301'.repeat(20)}`]) {
    for (const title of [cut(many.repeat(100), 160), cut(`Слово ${many.repeat(200)}`, 160)]) {
      expect(new TextEncoder().encode(title).length).toBeLessThanOrEqual(160 * 8);
      expect([...new Intl.Segmenter().segment(title)].length).toBeLessThanOrEqual(160);
      expect(title.endsWith('…')).toBe(true);
    }
  }
});
