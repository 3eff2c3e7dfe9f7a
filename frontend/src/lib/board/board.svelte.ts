/** The tally of a question, kept live. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Tally, TallyItem, Waiting } from '$lib/api/wire';
import type { TallyFrame } from '$lib/live/frames';
import { framework } from '$lib/state/framework.svelte';
import { live } from '$lib/state/live.svelte';

export class Board {
  readonly question: string;
  tally = $state<Tally | null>(null);
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
      this.tally = await api.tally(this.question, this.#deal);
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Follows the numbers; returns the way to stop. */
  follow(): () => void {
    const { detail } = framework;
    if (detail && !this.#deal) {
      this.#subscribe(detail.id);
      this.#leave.push(live.onTally(this.question, (frame) => this.#merge(frame)));
    }
    this.#leave.push(
      framework.onEvent((event) => {
        if (!event) void this.load();
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
