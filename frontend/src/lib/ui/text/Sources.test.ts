import { render, screen } from '@testing-library/svelte';
import { beforeAll, expect, it } from 'vitest';
import { i18n } from '$lib/i18n/index.svelte';
import Sources from './Sources.svelte';

beforeAll(() => i18n.use('en'));

it('shows a source that two outlets stand for twice', () => {
  const one = { url: 'https://example.org/a', date: '2025-12', evidence: null };
  render(Sources, {
    sources: [
      { ...one, outlet: 'Herald' },
      { ...one, outlet: 'Courier' },
    ],
  });
  expect(screen.getAllByRole('link').map((link) => link.textContent?.trim().slice(0, 6))).toEqual([
    'Herald',
    'Courie',
  ]);
});
