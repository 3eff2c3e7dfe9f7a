/**
 * Cuts the web fonts down to what the interface shows: Latin and Cyrillic letters, and the weights it uses. Run before each
 * build; what it writes is not committed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import subsetFont from 'subset-font';

const root = new URL('..', import.meta.url);
/** The lightest and the heaviest weight in the styles. */
const WEIGHTS = { wght: { min: 400, max: 700 } };

const span = (from, to) =>
  String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, at) => from + at));
/** What nearly every page shows, and beside it what few do: a page fetches the second only where it has one of them. */
const LATIN = span(0x20, 0x7e) + '\u00a0«·»ʼ×–—‘’“”„…→−';
const MORE = span(0xa1, 0xff) + 'ıŒœˆ˜‚•‰‹›€←↑↓≈≤≥';
const CYRILLIC = '\u0301' + span(0x400, 0x45f) + 'Ґґ№';

const FACES = [
  ['serif', '@fontsource-variable/source-serif-4/files/source-serif-4'],
  ['sans', '@fontsource-variable/inter/files/inter'],
];
const STYLES = { serif: ['normal', 'italic'], sans: ['normal'] };

mkdirSync(new URL('fonts/', root), { recursive: true });
for (const [name, files] of FACES) {
  for (const style of STYLES[name]) {
    for (const [script, letters] of Object.entries({ latin: LATIN, more: MORE, cyrillic: CYRILLIC })) {
      const from = script === 'more' ? 'latin' : script;
      const whole = readFileSync(new URL(`node_modules/${files}-${from}-wght-${style}.woff2`, root));
      // Small capitals, old figures and the like go. The sans keeps its figures of one width.
      const noLayoutClosure = name === 'serif';
      const options = { targetFormat: 'woff2', variationAxes: WEIGHTS, noLayoutClosure };
      const cut = await subsetFont(whole, letters, options);
      writeFileSync(new URL(`fonts/${name}-${script}-${style}.woff2`, root), cut);
    }
  }
}
