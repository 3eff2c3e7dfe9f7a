import { expect, it } from 'vitest';
import { isForeign } from './frame';

it('knows a frame of another site, where nobody can sign in', () => {
  const own = 'https://debate.example.org/';
  expect(isForeign(own, 'https://news.example.com')).toBe(true);
  expect(isForeign(own, 'http://www.example.org')).toBe(true);
  expect(isForeign(own, null)).toBe(true);
  expect(isForeign(own, '')).toBe(true);
  expect(isForeign('http://127.0.0.1:8080/', 'http://127.0.0.2:8080')).toBe(true);
  expect(isForeign(own, 'https://www.example.org')).toBe(false);
  expect(isForeign('http://127.0.0.1:8080/', 'http://127.0.0.1:9000')).toBe(false);
});
