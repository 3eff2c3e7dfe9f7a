import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { FIRST } from './first';
import rest from './i18n/rest/en';

const SRC = join(import.meta.dirname, '..');
const source = (file: string): string => readFileSync(join(SRC, file), 'utf8');

/** The file an import names; those of libraries are none of ours. */
function named(from: string, path: string): string | undefined {
  const target = path.startsWith('$lib/')
    ? join('lib', path.slice(5))
    : path.startsWith('.')
      ? join(dirname(from), path)
      : null;
  return target === null
    ? undefined
    : [target, `${target}.ts`, `${target}/index.ts`].find(
        (file) => /\.(ts|svelte)$/.test(file) && existsSync(join(SRC, file)),
      );
}

/** Everything that comes with some files. */
function withAll(files: string[], seen = new Set<string>()): Set<string> {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    const imports = source(file).matchAll(
      /^\s*(?:import|export)\s+(?!type\b)(?:[^'"()]*?\sfrom\s+)?'([^']+)'/gm,
    );
    withAll(
      [...imports].flatMap(([, path]) => named(file, path!) ?? []),
      seen,
    );
  }
  return seen;
}

/** The words of the rest that a file says. */
const says = (file: string): string[] =>
  Object.keys(rest).filter((word) => new RegExp(`\\bt\\.${word}\\b`).test(source(file)));

it('says on first pages, and in parts that wait for no more, only the words of first pages', () => {
  const pages = ['+layout', '+error', ...[...FIRST].map((id) => `${id === '/' ? '' : id.slice(1)}/+page`)];
  const bare = [...source('lib/parts.ts').matchAll(/=> import\('\.\/([^']+)'\)/g)].map(
    ([, path]) => `lib/${path}`,
  );
  expect(bare.length).toBeGreaterThan(0);
  const files = withAll([...pages.map((page) => join('routes', `${page}.svelte`)), ...bare]);
  expect(files.size).toBeGreaterThan(90);
  const said = [...files].flatMap((file) => says(file).map((word) => `${file} says ${word}`));
  expect(said).toEqual([]);
});
