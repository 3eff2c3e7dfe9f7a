/**
 * Unsent text, kept under the place it was written for. It belongs to an account and to a tab: another account does not
 * see it, another tab writes its own. A tab that closes leaves its drafts on the device, for the same account's next visit.
 */
import type { Shape } from './shape';
import { device, tab } from './storage';

const KEY = 'draft.';
const LEFT = 'left.';
const GUEST = 'guest';
/** Who writes; a visitor's draft goes with them when they sign in. */
let writer = GUEST;

const anything: Shape<unknown> = (value): value is unknown => value !== undefined;
const own = (place: string): string => `${writer}.${place}`;

/** Says who writes from now on: an account's id, or nobody. */
export function draftsOf(account: string | null): void {
  writer = account ?? GUEST;
}

export function loadDraft<T>(place: string, shape: Shape<T>): T | null {
  const draft =
    tab.load(KEY + own(place), shape) ?? device.load(LEFT + own(place), shape) ?? brought(place, shape);
  if (draft !== null) saveDraft(place, draft);
  return draft;
}

/** What was written here before signing in. */
function brought<T>(place: string, shape: Shape<T>): T | null {
  const key = `${KEY}${GUEST}.${place}`;
  const draft = tab.load(key, shape);
  tab.forget(key);
  return draft;
}

export function saveDraft(place: string, draft: unknown): void {
  tab.save(KEY + own(place), draft);
  device.forget(LEFT + own(place));
}

export function dropDraft(place: string): void {
  tab.forget(KEY + own(place));
  device.forget(LEFT + own(place));
}

/** Forgets all that an account has not sent. */
export function forgetDrafts(account: string): void {
  for (const key of tab.keys(`${KEY}${account}.`)) tab.forget(key);
  for (const key of device.keys(`${LEFT}${account}.`)) device.forget(key);
}

/** Leaves this tab's drafts where the next visit finds them. */
export function leaveDrafts(): void {
  for (const key of tab.keys(KEY)) device.save(LEFT + key.slice(KEY.length), tab.load(key, anything));
}

/** The tab is still there, or there again: nobody else takes its drafts up. */
export function keepDrafts(): void {
  for (const key of tab.keys(KEY)) device.forget(LEFT + key.slice(KEY.length));
}

/** Whether there is one. */
export const hasDraft = (place: string): boolean => loadDraft(place, anything) !== null;
