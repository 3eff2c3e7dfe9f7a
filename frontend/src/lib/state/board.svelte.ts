/** The tally of a question, kept live, beside the cards it speaks of. */
import * as api from '../api/calls';
import { asProblem, type Problem } from '../api/client';
import type { Concession, Tally, TallyItem, Waiting } from '../api/wire';
import type { TallyFrame } from '../live/frames';
import { cardOf } from '../live/told';
import { framework } from './framework.svelte';
import { live } from './live.svelte';
import { site } from './site.svelte';

export class Board {
  readonly question: string;
  tally = $state<Tally | null>(null);
  cards = $state<Record<string, Concession>>({});
  problem = $state<Problem | null>(null);
  #deal: string | null;
  #leave: (() => void)[] = [];

  /** With `deal`, a signed-out reader sees the cards of that hand. */
  constructor(question: string, deal: string | null = null) {
    this.question = question;
    this.#deal = deal;
  }

  get open(): Tally | null {
    return this.tally && !this.tally.hidden ? this.tally : null;
  }

  get ranked(): TallyItem[] {
    return (
      this.open?.items.toSorted(
        (a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.concession.localeCompare(b.concession),
      ) ?? []
    );
  }

  item(card: string): TallyItem | undefined {
    return this.open?.items.find((item) => item.concession === card);
  }

  async load(): Promise<void> {
    try {
      const [tally, cards] = await Promise.all([
        api.tally(this.question, this.#deal),
        api.all((after) => api.concessions(this.question, after)),
      ]);
      this.tally = tally;
      this.cards = Object.fromEntries(cards.map((card) => [card.id, card]));
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Follows the numbers and the cards; returns the way to stop. */
  follow(): () => void {
    const { detail } = framework;
    if (detail && !this.#deal) {
      this.#subscribe(detail.id);
      this.#leave.push(live.onTally(this.question, (frame) => this.#merge(frame)));
    }
    this.#leave.push(
      framework.onEvent((event) => {
        if (!event) void this.load();
        else this.#card(cardOf(event));
      }),
    );
    return () => {
      for (const leave of this.#leave.splice(0)) leave();
    };
  }

  #subscribe(framework: string): void {
    const leave = live.socket.subscribe(framework, `tally/${this.question}`, {
      event: () => {},
      snapshot: (body) => {
        if (body) this.tally = body as Tally;
      },
      // The round it was followed in is over; perhaps one may follow the next.
      revoked: () => {
        this.#leave.splice(this.#leave.indexOf(leave), 1);
        void this.load();
        this.#subscribe(framework);
      },
    });
    this.#leave.push(leave);
  }

  #card(card: Concession | undefined): void {
    if (card?.question !== this.question) return;
    const known = this.cards[card.id];
    if (card.body === null && site.mine(known)) return;
    if (!known || known.version <= card.version) this.cards[card.id] = card;
  }

  #merge(frame: TallyFrame): void {
    const { open } = this;
    if (!open || open.round !== frame.round) {
      void this.load();
      return;
    }
    if (frame.at_seq < open.at_seq) return;
    const ranked = new Set(frame.items.map((item) => item.concession));
    const waits = new Set(frame.waiting.map((item) => item.concession));
    const stays = (item: TallyItem | Waiting): boolean =>
      !ranked.has(item.concession) && !waits.has(item.concession);
    open.items = [...open.items.filter(stays), ...frame.items];
    open.waiting = [...open.waiting.filter(stays), ...frame.waiting];
    open.voters = frame.voters;
    open.at_seq = frame.at_seq;
  }
}
