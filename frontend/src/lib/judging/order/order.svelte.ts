/** The order of a person's accepted cards, and saving it. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Answer, Concession } from '$lib/api/wire';
import { fill, i18n } from '$lib/i18n/index.svelte';
import { announcer } from '$lib/state/announcer.svelte';
import { Attempt } from '$lib/state/attempt.svelte';
import { framework } from '$lib/state/framework.svelte';
import { fromTiers, moveTo, places, setTied, toTiers, type Placed } from './order';

export class OrderState {
  readonly question: string;
  list = $state<Placed[]>([]);
  answers = $state<Answer[]>([]);
  cards = $state<Record<string, Concession>>({});
  loaded = $state(false);
  changed = $state(false);
  saved = $state(false);
  problem = $state<Problem | null>(null);
  readonly saving = new Attempt();

  constructor(question: string) {
    this.question = question;
  }

  get places(): number[] {
    return places(this.list);
  }

  /** What was judged below the line. */
  get rejected(): Answer[] {
    return this.answers.filter(({ acceptance }) => acceptance === 'with_changes' || acceptance === 'no');
  }

  async load(): Promise<void> {
    try {
      const [ballot, cards] = await Promise.all([
        api.ballot(this.question),
        api.all((after) => api.concessions(this.question, after)),
      ]);
      this.cards = Object.fromEntries(cards.map((card) => [card.id, card]));
      this.answers = ballot.answers;
      const accepted = ballot.answers.filter((answer) => answer.acceptance === 'yes');
      this.list = fromTiers(
        ballot.tiers,
        accepted.map((answer) => answer.concession),
      );
      this.loaded = true;
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  move(id: string, to: number, title: string): void {
    this.list = moveTo(this.list, id, to);
    this.changed = true;
    const place = this.places[this.list.findIndex((card) => card.id === id)] ?? 1;
    announcer.say(fill(i18n.t.order.moved, { title, n: place, total: this.list.length }));
  }

  tie(id: string, tied: boolean, title: string): void {
    this.list = setTied(this.list, id, tied);
    this.changed = true;
    const place = this.places[this.list.findIndex((card) => card.id === id)] ?? 1;
    const words = tied ? i18n.t.order.tied : i18n.t.order.moved;
    announcer.say(fill(words, { title, n: place, total: this.list.length }));
  }

  async save(): Promise<void> {
    await this.saving.run(async () => {
      await framework.submit({ type: 'set_order', question: this.question, tiers: toTiers(this.list) });
      this.changed = false;
      this.saved = true;
      announcer.say(i18n.t.order.saved);
    });
  }
}
