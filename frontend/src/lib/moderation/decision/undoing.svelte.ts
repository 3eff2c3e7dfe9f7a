/** The decisions of this moderator that can still be taken back, from whichever page they were made. */
import * as api from '$lib/api/calls';
import { newId } from '$lib/api/ids';
import type { LogEntry } from '$lib/api/wire';
import { Attempt } from '$lib/state/attempt.svelte';
import { clock } from '$lib/state/clock.svelte';

const MINUTE = 60_000;

/** What was decided at once. */
type Made = { decisions: LogEntry[]; until: number };

class Undoing extends Attempt {
  #made = $state.raw<Made[]>([]);

  /** The last that can still be taken back. */
  get last(): LogEntry[] | null {
    const last = this.#made.at(-1);
    return last && last.until > clock.now ? last.decisions : null;
  }

  /** Whole minutes left, at least one. */
  get minutes(): number {
    return Math.max(1, Math.ceil(((this.#made.at(-1)?.until ?? 0) - clock.now) / MINUTE));
  }

  /** Keeps decisions that were just made. The server's two times are compared with each other, not with this device's clock. */
  keep(decisions: LogEntry[]): void {
    const spans = decisions.map(({ at, undo_until, state }) =>
      undo_until === null ? (state === 'pending' ? 10 * MINUTE : 0) : undo_until - at,
    );
    clock.look();
    this.problem = null;
    this.#made = [...this.#made, { decisions, until: clock.now + Math.min(...spans) }];
  }

  /** Takes the last back, the latest of it first; false where there is nothing, or it was refused. */
  async undo(): Promise<boolean> {
    const { last } = this;
    if (!last || this.busy) return false;
    return this.run(async () => {
      for (const { id } of last.toReversed()) await api.undo(id, newId());
      this.#made = this.#made.slice(0, -1);
    });
  }

  /** Forgets the line: it is read. */
  dismiss(): void {
    this.#made = this.#made.slice(0, -1);
    this.problem = null;
  }
}

export const undoing = new Undoing();
