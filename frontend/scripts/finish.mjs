/**
 * Finishes a build. Writes down which files each page needs besides those its HTML names: the server asks browsers to fetch
 * them at once. Puts a Brotli copy beside every text file of the build, so that the server compresses nothing while somebody
 * waits.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const build = new URL('../build/', import.meta.url).pathname;
const manifest = JSON.parse(
  readFileSync(new URL('../.svelte-kit/output/client/.vite/manifest.json', import.meta.url), 'utf8'),
);
/** The files of some modules, with those they cannot begin without. */
const files = (keys, found = new Set()) => {
  for (const key of keys) {
    const { file, imports = [] } = manifest[key];
    if (found.has(file)) continue;
    found.add(file);
    files(imports, found);
  }
  return found;
};
const lib = new URL('../src/lib/', import.meta.url);
/** The pages that wait for fewer words, as the app knows them. */
const first = readFileSync(new URL('first.ts', lib), 'utf8');
/** What a page shows at once under `?view=`. */
const views = { '/': [['board', 'src/lib/board/BoardView.svelte']] };
/** The file of a serif, in which pages are read before they are used; words of one that comes later would move. */
const serif = (script) => manifest[`fonts/serif-${script}-normal.woff2`].file;
/** Where no words of the interface stand in the serif: the document is in English. */
const ENGLISH = ['/framework'];
const generated = new URL('../.svelte-kit/generated/client-optimized/nodes/', import.meta.url);
/** Each page under its address as the server lists it, in each language. */
const early = {};
for (const name of readdirSync(generated)) {
  const route = readFileSync(new URL(name, generated), 'utf8').match(/src\/routes(\/.*)?\/\+page\.svelte"/);
  if (!route) continue;
  const id = route[1] ?? '/';
  const node = Object.keys(manifest).find((known) => known.endsWith(`/nodes/${name}`));
  for (const lang of ['en', 'uk', 'ru']) {
    const words = [`src/lib/i18n/${lang}.ts`];
    if (!first.includes(`'${id}'`)) words.push(`src/lib/i18n/rest/${lang}.ts`);
    const fonts = ['latin', ...(lang === 'en' || ENGLISH.includes(id) ? [] : ['cyrillic'])].map(serif);
    const address = `${lang} ${id.replaceAll(/\[\w+\]/g, '{}')}`;
    early[address] = [...files([...words, node]), ...fonts];
    for (const [view, part] of views[id] ?? [])
      early[`${address}?view=${view}`] = [...files([...words, node, part]), ...fonts];
  }
}
writeFileSync(join(build, 'early.json'), JSON.stringify(early));

const TEXT = /\.(js|css|svg|json|webmanifest|txt)$/;

for (const name of readdirSync(build, { recursive: true })) {
  if (!TEXT.test(name)) continue;
  const whole = readFileSync(join(build, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const small = brotliCompressSync(whole, { params });
  if (small.length < whole.length) writeFileSync(join(build, `${name}.br`), small);
}
