/**
 * The hand of cards someone is judging. Signed out, it lives on this device until it is saved to an account;
 * signed in, each answer is sent as it is given.
 */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Acceptance, Assent, Concession, Realism } from '$lib/api/wire';
import { isStored, keyOfHand, type Given, type Stored } from '$lib/kept/hand-stored';
import { device } from '$lib/kept/storage';
import { framework } from '$lib/state/framework.svelte';
import { site } from '$lib/state/site.svelte';

export type Step = 'loading' | 'judging' | 'viewpoint' | 'result' | 'empty' | 'failed';

/** What became of the answers that were sent: how many arrived, how many of those score, how many are still here. */
export type Sent = { sent: number; scored: number; kept: number };

export class Hand {
  readonly question: string;
  step = $state<Step>('loading');
  index = $state(0);
  problem = $state<Problem | null>(null);
  sendProblem = $state<Problem | null>(null);
  #stored = $state<Stored | null>(null);
  #round: number;

  constructor(question: string, round: number) {
    this.question = question;
    this.#round = round;
  }

  get cards(): Concession[] {
    return this.#stored?.cards ?? [];
  }

  get card(): Concession | undefined {
    return this.cards[this.index];
  }

  get deal(): string | null {
    return this.#stored?.deal ?? null;
  }

  /** The viewpoint: of the account once chosen there, else what was said on this device. */
  get camp(): string | null | undefined {
    return framework.you?.joined ? framework.you.camp : this.#stored?.camp;
  }

  /** What was said here of the question's point as it stands. */
  get accepts(): Assent | undefined {
    return this.#stored?.point?.accepts;
  }

  /** Answers that only this device has. */
  get unsent(): number {
    return Object.values(this.#stored?.given ?? {}).filter((given) => !given.sent).length;
  }

  given(card: string): Given | undefined {
    return this.#stored?.given[card];
  }

  /** Takes up the hand this device holds, or asks for a new one. */
  async open(): Promise<void> {
    const stored = device.load(this.#key, isStored);
    const you = site.you?.id ?? null;
    const mine = stored && (stored.owner === null || stored.owner === you);
    if (stored && mine && stored.expires_at > Date.now() && stored.cards.length > 0) {
      this.#stored = stored;
      const next = stored.cards.findIndex((card) => !stored.given[card.id]);
      this.index = Math.max(0, next);
      this.step = next < 0 ? 'result' : 'judging';
      if (you && stored.owner === you) void this.send();
    } else {
      await this.draw();
    }
  }

  /** Asks for a new hand; with an account the server wants to know the viewpoint first. */
  async draw(): Promise<void> {
    if (site.you && !framework.you?.joined) {
      this.step = 'viewpoint';
      return;
    }
    this.step = 'loading';
    this.problem = null;
    try {
      const { deal, cards, expires_at } = await api.deal(this.question);
      const camp = this.#stored?.camp;
      const owner = site.you?.id ?? null;
      const { point } = this.#stored ?? {};
      this.#stored = { deal, cards, expires_at, given: {}, owner };
      if (camp !== undefined) this.#stored.camp = camp;
      if (point) this.#stored.point = point;
      this.index = 0;
      this.step = cards.length > 0 ? 'judging' : 'empty';
      this.#store();
    } catch (error) {
      this.problem = asProblem(error);
      this.step = 'failed';
    }
  }

  /** Records an answer to the present card and moves on. */
  answer(acceptance: Acceptance, realism: Realism | undefined, note: string, unfreezes?: Assent): void {
    const { card } = this;
    if (!card || !this.#stored) return;
    const text = note.trim();
    const given: Given = { acceptance, version: card.version, sent: false };
    if (realism) given.realism = realism;
    if (unfreezes) given.unfreezes = unfreezes;
    if (text && acceptance === 'with_changes') given.note = text;
    this.#stored.given[card.id] = given;
    this.#store();
    if (this.#owned) void this.send();
    this.#advance();
  }

  /** Records whether the question's point is acceptable as it stands. */
  acceptPoint(accepts: Assent): void {
    if (!this.#stored) return;
    this.#stored.point = { accepts, sent: false };
    this.#store();
    if (this.#owned) void this.send();
  }

  back(): void {
    if (this.index > 0) this.index -= 1;
  }

  /** Takes the viewpoint; signed in it is saved at once. */
  async choose(camp: string | null): Promise<void> {
    if (site.you) await framework.join(camp);
    if (!this.#stored) return this.draw();
    this.#stored.camp = camp;
    this.#store();
    this.step = this.#next() < 0 ? 'result' : 'judging';
    if (this.#owned) void this.send();
  }

  /** Sends every answer the server does not have yet. */
  async send(): Promise<Sent> {
    const stored = this.#stored;
    if (!stored || !site.you) return { sent: 0, scored: 0, kept: this.unsent };
    this.sendProblem = null;
    let [sent, scored] = [0, 0];
    for (const [concession, given] of Object.entries(stored.given)) {
      if (given.sent) continue;
      const { sent: _sent, ...answer } = given;
      try {
        const dealt = await this.#put(concession, answer, stored.deal);
        given.sent = true;
        sent += 1;
        if (dealt && framework.you?.camp) scored += 1;
      } catch (error) {
        this.sendProblem = asProblem(error);
      }
      this.#store();
    }
    await this.#putPoint();
    return { sent, scored, kept: this.unsent };
  }

  async #putPoint(): Promise<void> {
    const point = this.#stored?.point;
    if (!point || point.sent) return;
    try {
      await framework.submit({ type: 'answer_point', question: this.question, accepts: point.accepts });
      point.sent = true;
    } catch (error) {
      this.sendProblem = asProblem(error);
    }
    this.#store();
  }

  /** Says whether the answer scores: a hand that has expired still leaves a reaction. */
  async #put(concession: string, answer: Omit<Given, 'sent'>, deal: string): Promise<boolean> {
    const command = { type: 'answer_card' as const, concession, ...answer };
    const put = (more: { deal?: string }) => framework.submit({ ...command, ...more });
    const { answer: taken } = await put({ deal }).catch((error: unknown) => {
      if (!asProblem(error).fields.some(({ field }) => field === 'deal')) throw error;
      return put({});
    });
    return taken?.dealt ?? false;
  }

  /** Makes what was judged signed out this person's own, and sends it. */
  async redeem(): Promise<Sent> {
    if (!this.#stored || !site.you) return { sent: 0, scored: 0, kept: this.unsent };
    if (!framework.you?.joined) await framework.join(this.#stored.camp ?? null);
    this.#stored.owner = site.you.id;
    this.#store();
    return this.send();
  }

  forget(): void {
    device.forget(this.#key);
    this.#stored = null;
  }

  get #key(): string {
    return keyOfHand(this.question, this.#round);
  }

  /** Whether answers go to the server as they are given. */
  get #owned(): boolean {
    return this.#stored?.owner !== null && this.#stored?.owner === site.you?.id;
  }

  #next(): number {
    return this.cards.findIndex((card) => !this.#stored?.given[card.id]);
  }

  #advance(): void {
    const next = this.#next();
    if (next >= 0) this.index = next;
    // The viewpoint is asked between the last card and the result: every card of a hand is asked about in the same words.
    else this.step = this.camp === undefined ? 'viewpoint' : 'result';
  }

  #store(): void {
    device.save(this.#key, this.#stored);
  }
}
