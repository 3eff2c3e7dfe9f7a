/** How the app writes into the framework: over the socket when it is open, else over REST, through the outbox. */
import { call, Problem } from '$lib/api/client';
import { asRequest, type Command } from '$lib/api/commands';
import type { CommandResult } from '$lib/api/wire';
import { dropDraft } from '$lib/kept/drafts';
import { Outbox, type Entry, type Target } from '$lib/kept/outbox';
import { live } from './live.svelte';

class Writes {
  /** Commands not yet answered, for the connection note. */
  pending = $state(0);
  #outbox: Outbox;
  #writers = new Map<string, Set<() => void>>();

  constructor() {
    this.#outbox = new Outbox(send, (pending) => (this.pending = pending));
    this.#outbox.delivered = ({ draft }) => this.#arrived(draft);
  }

  /** Sends one command and gives its result. */
  submit(target: Target, command: Command): Promise<CommandResult | null> {
    return this.#outbox.submit<CommandResult | null>(target, command);
  }

  /** Runs when what was written as this draft has arrived, perhaps sent by an earlier page. */
  onArrived(draft: string, run: () => void): () => void {
    const writers = this.#writers.get(draft) ?? new Set();
    this.#writers.set(draft, writers.add(run));
    return () => writers.delete(run);
  }

  /** Sends what was left behind by this account. */
  flush(account: string): Promise<void> {
    return this.#outbox.flush(account);
  }

  #arrived(draft: string | undefined): void {
    if (draft === undefined) return;
    dropDraft(draft);
    for (const run of this.#writers.get(draft) ?? []) run();
  }
}

async function send(entry: Entry): Promise<unknown> {
  if (live.socket.open) {
    try {
      return (await live.socket.command(entry.id, entry.framework, entry.command)).result;
    } catch (error) {
      // The socket fell away mid-command: REST takes the same id, so it cannot count twice.
      if (!(error instanceof Problem) || error.code !== 'offline') throw error;
    }
  }
  const { method, path, body } = asRequest(entry.slug, entry.command);
  return call(method, path, body === undefined ? { commandId: entry.id } : { body, commandId: entry.id });
}

export const writes = new Writes();
