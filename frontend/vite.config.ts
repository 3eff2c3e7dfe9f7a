import { sveltekit } from '@sveltejs/kit/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const api = process.env['DEMARCHE_API'] ?? 'http://127.0.0.1:8080';

/**
 * SvelteKit hides its route announcer by a style attribute, which the content security policy refuses.
 * The attribute goes; app.css hides the element by its id.
 */
const announcerWithoutStyle: Plugin = {
  name: 'announcer-without-style',
  enforce: 'pre',
  transform: {
    filter: { id: /generated\/root\.svelte$/ },
    handler(code) {
      const bare = code.replace(/(<div id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
      if (bare === code)
        this.error('the route announcer has changed: see whether it still has a style attribute');
      return bare;
    },
  },
};

export default defineConfig({
  plugins: [announcerWithoutStyle, sveltekit(), svelteTesting()],
  build: {
    // Browsers that know light-dark(), so that it is shipped as written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: font or image would need a wider policy.
    assetsInlineLimit: 0,
    // Few files: on a slow line each one costs a round trip, and together they compress better.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'style', test: /\.css$|type=style/, priority: 40 },
            { name: 'runtime', test: /node_modules/, priority: 30 },
            // What every page needs, and the page that most people see first.
            {
              name: 'first',
              test: /routes\/\+(layout|page)\.svelte$|lib\/document\/(InEnglish|StatusMark)\.svelte$/,
              priority: 20,
            },
            // What cards say in numbers, beside a card and in the results.
            {
              name: 'numbers',
              test: /lib\/board\/((BoardRow|BoardTable|HowCounted|WaitingRow)\.svelte|(board\.svelte|picture)\.ts)$/,
              priority: 16,
            },
            // What a point and a card need besides.
            {
              name: 'talk',
              test: /lib\/(talk\/Discussion|scope\/ScopeCase)\.svelte$/,
              priority: 15,
            },
            { name: 'more', test: /src\/lib\/(?!i18n\/)/, minShareCount: 2, priority: 10 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: api, ws: true, changeOrigin: true } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
