import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { draw, QUIET } from './qr';

const address = 'otpauth://totp/Demarche:olena?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Demarche';

it('draws every dark module and no light one', () => {
  const { size, path } = draw(address);
  const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width, back] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H(\d+)z/g)) {
    expect(back).toBe(x);
    for (let step = 0; step < Number(width); step += 1) drawn[Number(y)]![Number(x) + step] = true;
  }
  expect(drawn).toEqual(encode(address, { ecc: 'M', border: QUIET }).data);
  // The mark in the corner, where scanners look first.
  expect(drawn[QUIET]!.slice(QUIET, QUIET + 8)).toEqual([...Array.from({ length: 7 }, () => true), false]);
  expect(drawn.slice(0, QUIET).flat()).not.toContain(true);
});
