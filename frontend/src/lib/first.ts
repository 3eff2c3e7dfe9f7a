/** The pages that people come to first: they wait for fewer words than the others. */
export const FIRST: ReadonlySet<string> = new Set([
  '/',
  '/cards/[id]',
  '/comments/[id]',
  '/framework',
  '/lineage',
  '/points/[number]',
]);
