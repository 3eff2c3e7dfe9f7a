import { expect, it } from 'vitest';
import { local } from './next';

it('goes only to places on this site', () => {
  for (const ours of ['/points/5?thread=1', '/search?q=//x', '/.//x', '/pages/rules#R1'])
    expect(local(ours)).toBe(ours);
  for (const foreign of [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n\\evil.example',
    '\t//evil.example',
    '//',
    '/\r/[',
    'https://evil.example',
    'javascript:1',
    '',
    null,
  ]) {
    expect(local(foreign)).toBe('/');
  }
});
