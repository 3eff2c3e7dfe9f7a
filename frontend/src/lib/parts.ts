/** Parts that a page shows to few, or only later: each is fetched when it is wanted. */
import { i18n } from './i18n/index.svelte';

/** A part that says more than the first pages do waits for the words as well. */
const worded = async <T>(part: Promise<T>): Promise<T> => (await Promise.all([part, i18n.whole()]))[0];

export const parts = {
  board: () => import('./components/BoardView.svelte'),
  order: () => import('./components/OrderPanel.svelte'),
  ownCard: () => import('./components/OwnCard.svelte'),
  report: () => worded(import('./components/ReportDialog.svelte')),
  result: () => worded(import('./components/HandResult.svelte')),
  round: () => import('./components/RoundResult.svelte'),
  translate: () => import('./components/TranslateForm.svelte'),
  unite: () => worded(import('./components/UniteThread.svelte')),
};
