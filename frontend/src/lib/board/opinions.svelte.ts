/** Second opinions of a question, as old as the server says, and their places. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Opinions as Body } from '$lib/api/wire';
import { places } from './picture';

/** The ways of counting, in the order they are shown. */
export const WAYS = ['approval', 'consensus', 'borda', 'schulze'] as const;
export type Way = (typeof WAYS)[number];
export type Row = { card: string; order: number | null; places: Record<Way, number | null> };

export class Opinions {
  readonly question: string;
  body = $state<Body | null>(null);
  problem = $state<Problem | null>(null);

  constructor(question: string) {
    this.question = question;
  }

  async load(): Promise<void> {
    try {
      this.body = await api.opinions(this.question);
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** The place of each ranked card under each way of counting. */
  get rows(): Row[] {
    const items = this.body?.items ?? [];
    const approval = places(items.map((item) => item.approval));
    const consensus = places(items.map((item) => item.consensus));
    const borda = places(items.map((item) => item.borda));
    return items.map((item, at) => ({
      card: item.concession,
      order: item.rank,
      places: {
        approval: approval[at] ?? null,
        consensus: consensus[at] ?? null,
        borda: borda[at] ?? null,
        schulze: item.schulze.rank,
      },
    }));
  }
}
