import { expect, it } from 'vitest';
import { local } from './next';

it('goes only to places on this site', () => {
  expect(local('/points/5?thread=1')).toBe('/points/5?thread=1');
  for (const foreign of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:1',
    '',
    null,
  ]) {
    expect(local(foreign)).toBe('/');
  }
});
