import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';

/** A name that is the same for the same sources, and another for others: by it an open page learns that it is of yesterday. */
function version() {
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const name of readdirSync('src', { recursive: true }).toSorted()) {
    if (statSync(`src/${name}`).isFile()) hash.update(name).update(readFileSync(`src/${name}`));
  }
  return hash.digest('hex').slice(0, 16);
}

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
  kit: {
    adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html', strict: true }),
    // The server sends the policy as a header over the hashes of what is in index.html; styles must stay files.
    inlineStyleThreshold: 0,
    version: { name: version() },
  },
};
