import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..');

it('cuts nothing that is pasted into a box: a field says by how much it is too long', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.svelte'),
  );
  expect(files.length).toBeGreaterThan(150);
  expect(files.filter((file) => /maxlength/i.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
});
