/**
 * Writes on their way. A command is stored before it is first sent and forgotten when it is answered,
 * so that a reload, a dead server or a lost line repeats it with the same id instead of losing or doubling it.
 */
import { asProblem, type Problem } from '$lib/api/client';
import type { Command } from '$lib/api/commands';
import { newId } from '$lib/api/ids';
import { backoff } from '$lib/live/backoff';
import { number, object, optional, some, text, type Shape } from './shape';
import { device } from './storage';

export type Entry = {
  id: string;
  account: string;
  framework: string;
  slug: string;
  command: Command;
  at: number;
  /** The draft it was written as, dropped once it has arrived. */
  draft?: string;
};
export type Send = (entry: Entry) => Promise<unknown>;

const KEY = 'outbox';
const isList: Shape<unknown[]> = Array.isArray;
const isEntry = object<Entry>({
  id: text,
  account: text,
  framework: text,
  slug: text,
  command: some<Command>(),
  at: number,
  draft: optional(text),
});
/** Older commands are not worth surprising anyone with. */
const STALE_MS = 24 * 3600 * 1000;
/** How long a person waits before the form says that it will be sent later. */
const PATIENCE = 6;

export type Changed = (pending: number) => void;
export type Target = Pick<Entry, 'account' | 'framework' | 'slug' | 'draft'>;

export class Outbox {
  #entries: Entry[];
  #send: Send;
  #changed: Changed;
  /** Called with each command that has arrived. */
  delivered: (entry: Entry) => void = () => {};
  #sleep: (ms: number) => Promise<void>;
  #busy = new Set<string>();

  constructor(send: Send, changed: Changed = () => {}, sleep: (ms: number) => Promise<void> = pause) {
    this.#send = send;
    this.#changed = changed;
    this.#sleep = sleep;
    // One that is not what it should be costs nothing but itself.
    const kept = (device.load(KEY, isList) ?? []).filter((entry) => isEntry(entry));
    this.#entries = kept.filter((entry) => Date.now() - entry.at < STALE_MS);
    this.#store();
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Sends a command until it is answered; rejects when the answer is no, or when patience ends and it waits here. */
  async submit<T>(target: Target, command: Command): Promise<T> {
    // The same words once more are the same command: a second press must not say them twice.
    const same = this.#entries.find((old) => old.account === target.account && equal(old.command, command));
    const entry: Entry = same ?? { ...target, id: newId(), command, at: Date.now() };
    this.#entries = [...this.#entries.filter((old) => old !== entry && !replaces(entry, old)), entry];
    this.#store();
    return (await this.#deliver(entry)) as T;
  }

  /** Sends what an earlier page or connection left behind, in its order; refusals are dropped. */
  async flush(account: string): Promise<void> {
    for (const entry of this.#entries) {
      if (entry.account !== account || this.#busy.has(entry.id)) continue;
      try {
        await this.#deliver(entry, 1);
      } catch (error) {
        if (asProblem(error).retryable) return;
      }
    }
  }

  async #deliver(entry: Entry, tries: number = PATIENCE): Promise<unknown> {
    this.#busy.add(entry.id);
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          const result = await this.#send(entry);
          this.#forget(entry);
          this.delivered(entry);
          return result;
        } catch (error) {
          const problem = asProblem(error);
          // Slow mode lasts up to a day: the words stay in their box, and their writer sends them.
          if (!problem.retryable || problem.code === 'slow_mode') {
            // Signed out on the way: it waits for the same account to return.
            if (problem.code !== 'unauthenticated') this.#forget(entry);
            throw problem;
          }
          if (attempt + 1 >= tries) throw problem;
          await this.#sleep(waitFor(problem, attempt));
        }
      }
    } finally {
      this.#busy.delete(entry.id);
    }
  }

  #forget(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other.id !== entry.id);
    this.#store();
  }

  #store(): void {
    device.save(KEY, this.#entries);
    this.#changed(this.#entries.length);
  }
}

/** A later answer, order or read mark for the same thing makes an unsent earlier one pointless. */
function replaces(next: Entry, old: Entry): boolean {
  if (next.account !== old.account || next.command.type !== old.command.type) return false;
  const [a, b] = [next.command, old.command];
  if (a.type === 'answer_card' && b.type === 'answer_card') return a.concession === b.concession;
  if (a.type === 'set_order' && b.type === 'set_order') return a.question === b.question;
  return a.type === 'mark_read' && b.type === 'mark_read' && a.point === b.point;
}

const equal = (a: Command, b: Command): boolean => JSON.stringify(a) === JSON.stringify(b);
const waitFor = (problem: Problem, attempt: number): number =>
  problem.retryAfterMs ?? backoff(attempt, Math.random());
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
