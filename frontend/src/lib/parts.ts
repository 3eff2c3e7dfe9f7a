/** Parts that a page shows to few, or only later: each is fetched when it is wanted. */
import { i18n } from './i18n/index.svelte';

/** A part that says more than the first pages do waits for the words as well. */
const worded = async <T>(part: Promise<T>): Promise<T> => (await Promise.all([part, i18n.whole()]))[0];

export const parts = {
  board: () => import('./board/BoardView.svelte'),
  order: () => import('./judging/order/OrderPanel.svelte'),
  ownCard: () => import('./cards/own/OwnCard.svelte'),
  report: () => worded(import('./reporting/ReportDialog.svelte')),
  result: () => worded(import('./judging/hand/HandResult.svelte')),
  round: () => import('./rounds/RoundResult.svelte'),
  translate: () => import('./cards/translating/TranslateForm.svelte'),
  unite: () => worded(import('./moderation/decision/UniteThread.svelte')),
};
