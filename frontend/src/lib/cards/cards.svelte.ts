/** The cards of a question, kept up to date, for all that shows them on one page. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Concession } from '$lib/api/wire';
import { cardOf } from '$lib/live/told';
import { framework } from '$lib/state/framework.svelte';
import { site } from '$lib/state/site.svelte';

export class Cards {
  readonly question: string;
  /** By id; null until they are known. */
  all = $state<Record<string, Concession> | null>(null);
  problem = $state<Problem | null>(null);

  constructor(question: string) {
    this.question = question;
  }

  async load(): Promise<void> {
    try {
      const cards = await api.all((after) => api.concessions(this.question, after));
      this.all = Object.fromEntries(cards.map((card) => [card.id, card]));
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Loads the cards and follows them; returns the way to stop. */
  follow(): () => void {
    void this.load();
    return framework.onEvent((event) => {
      if (!event) void this.load();
      else this.#hear(cardOf(event));
    });
  }

  #hear(card: Concession | undefined): void {
    if (card?.question !== this.question || !this.all) return;
    const known = this.all[card.id];
    // One's own that was taken from view is told as gone to everybody else.
    if (card.body === null && site.mine(known)) return;
    if (!known || known.version <= card.version) this.all[card.id] = card;
  }
}
