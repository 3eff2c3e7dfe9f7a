/** A QR code as the path of an SVG: one run of dark modules after the other, one unit each. */
import { encode } from 'uqr';

/** Modules of light around the code that scanners need (ISO/IEC 18004). */
export const QUIET = 4;

export type Drawing = { size: number; path: string };

export function draw(text: string): Drawing {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET });
  const runs: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < size; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      runs.push(`M${from} ${y}h${x + 1 - from}v1H${from}z`);
    }
  });
  return { size, path: runs.join('') };
}
