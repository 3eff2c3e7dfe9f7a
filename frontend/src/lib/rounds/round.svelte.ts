/** What came out of a closed round, read once: it does not change any more, but for cards taken from view. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Round as View, RoundCard, TallyItem, Waiting } from '$lib/api/wire';

export class Round {
  view = $state.raw<View | null>(null);
  problem = $state<Problem | null>(null);
  readonly question: string;
  readonly number: number;

  constructor(question: string, number: number) {
    this.question = question;
    this.number = number;
  }

  async load(): Promise<void> {
    this.problem = null;
    try {
      this.view = await api.round(this.question, this.number);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** The cards as they were, by id. */
  get cards(): Record<string, RoundCard> {
    return Object.fromEntries(this.view?.cards.map((card) => [card.id, card]) ?? []);
  }

  /** The order, as a live board has it. */
  get ranked(): TallyItem[] {
    return this.view?.ranked.map(({ card, ...numbers }) => ({ ...numbers, concession: card })) ?? [];
  }

  get waiting(): Waiting[] {
    return this.view?.waiting.map(({ card, ...numbers }) => ({ ...numbers, concession: card })) ?? [];
  }

  get table(): string {
    return `/api/v1/questions/${this.question}/rounds/${this.number}.csv`;
  }
}
