/** The held pages of the queue as a list: where a thing belongs, and what a change does to it. */
import type { QueueEntry } from '$lib/api/wire';

/** What the order of the queue is made of. */
export type Place = Pick<QueueEntry, 'score' | 'opened_at' | 'object'>;

/** Most urgent first, then who waits longest: the server's order. */
export function compare(a: Place, b: Place): number {
  const ids = a.object.id < b.object.id ? -1 : Number(a.object.id > b.object.id);
  return b.score - a.score || a.opened_at - b.opened_at || ids;
}

/**
 * The list with a thing put in or moved. `edge` is where the held pages end: what belongs behind it is left out,
 * to come with the next page. Without an edge the list is whole.
 */
export function put(held: QueueEntry[], entry: QueueEntry, edge: Place | null): QueueEntry[] {
  const rest = drop(held, entry.object.id);
  if (edge && compare(entry, edge) > 0) return rest;
  const at = rest.findIndex((other) => compare(entry, other) < 0);
  return at < 0 ? [...rest, entry] : rest.toSpliced(at, 0, entry);
}

export const drop = (held: QueueEntry[], id: string): QueueEntry[] =>
  held.filter((entry) => entry.object.id !== id);

/** What is asked for; null asks for everything. */
export type Filter = { point: number | null; language: string | null };

export const matches = (entry: QueueEntry, { point, language }: Filter): boolean =>
  (point === null || entry.point === point) && (language === null || entry.language === language);
