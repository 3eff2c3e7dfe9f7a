/** Searching: the words asked for, what was found so far, and whether there is more. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Findable, Found } from '$lib/api/wire';

export const KINDS: Findable[] = ['concession', 'thread', 'comment'];

/** A piece of a snippet, and whether it is one of the words looked for. */
export type Piece = { text: string; match: boolean };

/** A snippet cut at its matches; these are in UTF-16 code units, as strings are here. */
export function pieces(snippet: string, matches: [number, number][]): Piece[] {
  const cut: Piece[] = [];
  let at = 0;
  for (const [start, end] of matches) {
    if (start < at || end <= start || end > snippet.length) continue;
    if (start > at) cut.push({ text: snippet.slice(at, start), match: false });
    cut.push({ text: snippet.slice(start, end), match: true });
    at = end;
  }
  if (at < snippet.length) cut.push({ text: snippet.slice(at), match: false });
  return cut;
}

/** Where a thing is read. */
export function place(found: Found): string {
  if (found.kind === 'comment') return `/comments/${found.id}`;
  if (found.kind === 'concession') return `/cards/${found.id}`;
  const above = found.concession ? `/cards/${found.concession}` : `/points/${found.point}`;
  return `${above}?thread=${found.id}`;
}

export class Search {
  asked = $state('');
  items = $state<Found[] | null>(null);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state<Problem | null>(null);
  #turn = 0;

  groups = $derived(
    KINDS.map((kind) => ({ kind, items: (this.items ?? []).filter((found) => found.kind === kind) })).filter(
      (group) => group.items.length > 0,
    ),
  );

  /** Looks for words anew; a slower answer to earlier words is not shown. */
  async find(words: string): Promise<void> {
    this.asked = words;
    this.items = null;
    this.next = null;
    await this.#load(words);
  }

  /** The next page. */
  async more(): Promise<void> {
    if (this.next) await this.#load(this.asked, this.next);
  }

  async #load(words: string, after?: string): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    this.problem = null;
    try {
      const page = await api.search(words, after);
      if (turn !== this.#turn) return;
      this.items = after ? [...(this.items ?? []), ...page.items] : page.items;
      this.next = page.next;
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
    if (turn === this.#turn) this.busy = false;
  }
}
