import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { expect, it } from 'vitest';

const LIB = import.meta.dirname;
const SRC = dirname(LIB);

/**
 * The families, lowest first: each names itself and those before it, so that none can want another that wants it. What stands
 * beside them is no family: `parts.ts` names parts of many, which are fetched later, by whatever shows them.
 */
const ORDER = [
  // What everything rests on.
  ['api', 'live', 'kept', 'i18n', 'state'],
  // What pages are put together of, of whatever family.
  ['ui', 'shell'],
  // What the site is about.
  ['viewpoint', 'scope', 'cards', 'board', 'rounds', 'account', 'reporting', 'talk', 'document', 'judging'],
  // What few need.
  ['moderation', 'team', 'pace', 'search'],
].flat();
/** How many files stand beside each other: what one looks through at a glance. */
const [COMPONENTS, OTHERS] = [20, 35];
/** How many lines a component has. */
const LINES = 250;

const all = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => ({ folder: relative(SRC, parentPath), path: join(parentPath, name) }));
const text = (path: string): string => readFileSync(path, 'utf8');

it('has few files in each folder', () => {
  const crowded = [...new Set(all.map(({ folder }) => folder))].flatMap((folder) => {
    const files = all.filter((file) => file.folder === folder);
    const most = files.some(({ path }) => extname(path) === '.svelte') ? COMPONENTS : OTHERS;
    return files.length > most ? [`${folder}: ${files.length} files, at most ${most}`] : [];
  });
  expect(crowded).toEqual([]);
});

it('has short components', () => {
  const components = all.filter(({ path }) => extname(path) === '.svelte');
  expect(components.length).toBeGreaterThan(150);
  const long = components.map(({ path }) => ({ path, lines: text(path).trimEnd().split('\n').length }));
  expect(long.filter(({ lines }) => lines > LINES)).toEqual([]);
});

it('has families of which each names only those before it', () => {
  const families = readdirSync(LIB, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(families.map(({ name }) => name).toSorted()).toEqual([...ORDER, 'styles'].toSorted());

  const within = (path: string): string => relative(LIB, path);
  const family = (path: string): number => ORDER.indexOf(within(path).split(sep)[0] ?? '');
  const arrows = all
    .filter(({ path }) => /\.(ts|svelte)$/.test(path) && family(path) >= 0)
    .flatMap(({ path }) =>
      [...text(path).matchAll(/(?:\bfrom|\bimport|\bimport\(|\bmock\()\s*'((?:\$lib\/|\.)[^']*)'/g)].map(
        ([, named = '']) => ({
          path,
          to: named.startsWith('.') ? join(dirname(path), named) : join(LIB, named.slice('$lib/'.length)),
        }),
      ),
    );
  expect(arrows.length).toBeGreaterThan(800);
  const upward = arrows.filter(({ path, to }) => family(to) > family(path));
  expect(upward.map(({ path, to }) => `${within(path)} names ${within(to)}`)).toEqual([]);
});
