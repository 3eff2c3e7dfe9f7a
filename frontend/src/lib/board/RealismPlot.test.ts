import { render, screen } from '@testing-library/svelte';
import { beforeAll, expect, it } from 'vitest';
import { i18n } from '$lib/i18n/index.svelte';
import RealismPlot from './RealismPlot.svelte';

beforeAll(() => i18n.use('en'));

it('shows cards of one rank that stand apart', () => {
  const marks = [0.1, 0.9].map((x) => ({ x, y: 0.5, ranks: [3] }));
  render(RealismPlot, { title: 'All', marks });
  expect(screen.getAllByText('3')).toHaveLength(2);
});
