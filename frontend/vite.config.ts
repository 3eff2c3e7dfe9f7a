import { sveltekit } from '@sveltejs/kit/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const api = process.env['DEMARCHE_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [sveltekit(), svelteTesting()],
  build: {
    // Browsers that know light-dark(), so that it is shipped as written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: font or image would need a wider policy.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': { target: api, ws: true, changeOrigin: true } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
