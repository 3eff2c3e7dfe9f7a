/**
 * Finishes a build. Writes down which files a first page needs besides those its HTML names: the server asks browsers to
 * fetch them at once. Puts a Brotli copy beside every text file of the build, so that
 * the server compresses nothing while somebody waits.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const build = new URL('../build/', import.meta.url).pathname;
const manifest = JSON.parse(
  readFileSync(new URL('../.svelte-kit/output/client/.vite/manifest.json', import.meta.url), 'utf8'),
);
/** The files of a module, with those it cannot begin without. */
const files = (key) => {
  const { file, imports = [] } = manifest[key];
  return [...new Set([file, ...imports.flatMap(files)])];
};
const languages = ['en', 'uk', 'ru'].map((lang) => [lang, files(`src/lib/i18n/${lang}.ts`)]);
/** The files of each page, under its address as the server lists it. */
const generated = new URL('../.svelte-kit/generated/client-optimized/nodes/', import.meta.url);
const pages = readdirSync(generated).flatMap((name) => {
  const route = readFileSync(new URL(name, generated), 'utf8').match(/src\/routes(\/.*)?\/\+page\.svelte"/);
  const key = Object.keys(manifest).find((known) => known.endsWith(`/nodes/${name}`));
  return route ? [[(route[1] ?? '/').replaceAll(/\[\w+\]/g, '{}'), files(key)]] : [];
});
writeFileSync(join(build, 'early.json'), JSON.stringify(Object.fromEntries([...languages, ...pages])));

const TEXT = /\.(js|css|svg|json|webmanifest|txt)$/;

for (const name of readdirSync(build, { recursive: true })) {
  if (!TEXT.test(name)) continue;
  const whole = readFileSync(join(build, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const small = brotliCompressSync(whole, { params });
  if (small.length < whole.length) writeFileSync(join(build, `${name}.br`), small);
}
