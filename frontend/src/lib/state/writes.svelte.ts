/** How the app writes into the framework: over the socket when it is open, else over REST, through the outbox. */
import { call, Problem } from '../api/client';
import { asRequest, type Command } from '../api/commands';
import type { CommandResult } from '../api/wire';
import { Outbox, type Entry } from '../outbox';
import { live } from './live.svelte';

class Writes {
  /** Commands not yet answered, for the connection note. */
  pending = $state(0);
  #outbox: Outbox;

  constructor() {
    this.#outbox = new Outbox(send, (pending) => (this.pending = pending));
  }

  /** Sends one command and gives its result. */
  submit(
    target: Pick<Entry, 'account' | 'framework' | 'slug'>,
    command: Command,
  ): Promise<CommandResult | null> {
    return this.#outbox.submit<CommandResult | null>(target, command);
  }

  /** Sends what was left behind by this account. */
  flush(account: string): Promise<void> {
    return this.#outbox.flush(account);
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
