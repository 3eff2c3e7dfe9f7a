/** The one live connection of the page, its state for the header, and who wants its frames. */
import type { TallyFrame } from '$lib/live/frames';
import { LiveSocket, type Status, type StopReason } from '$lib/live/socket';
import type { Presence } from './presence';

/** A reconnect shorter than this is not worth a word. */
const QUIET_MS = 2_500;

class Live {
  status = $state<Status>('idle');
  stopped = $state<StopReason | null>(null);
  /** True once a lost connection has lasted long enough to mention. */
  away = $state(false);
  presence = $state<Presence | null>(null);
  readonly socket: LiveSocket;
  #tallies = new Map<string, Set<(frame: TallyFrame) => void>>();
  #opened = new Set<() => void>();
  #quiet: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    this.socket = new LiveSocket(address(), {
      status: (status, reason) => this.#changed(status, reason),
      tally: (frame) => this.#tallies.get(frame.question)?.forEach((hear) => hear(frame)),
      presence: ({ count, approximate, points }) => (this.presence = { count, approximate, points }),
    });
  }

  /** Hears the tally frames of one question. */
  onTally(question: string, hear: (frame: TallyFrame) => void): () => void {
    const heard = this.#tallies.get(question) ?? new Set();
    this.#tallies.set(question, heard.add(hear));
    return () => heard.delete(hear);
  }

  /** Runs whenever the connection has come up. */
  onOpen(run: () => void): () => void {
    this.#opened.add(run);
    return () => this.#opened.delete(run);
  }

  #changed(status: Status, reason: StopReason | null): void {
    this.status = status;
    this.stopped = reason;
    if (status === 'open') {
      this.#calm();
      this.away = false;
      for (const run of this.#opened) run();
    } else if (status === 'waiting' && this.#quiet === null) {
      this.#quiet = setTimeout(() => (this.away = true), QUIET_MS);
    } else if (status === 'stopped') {
      this.#calm();
      this.away = reason !== 'signed_out';
    }
  }

  #calm(): void {
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    this.#quiet = null;
  }
}

function address(): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/api/v1/socket`;
}

export const live = new Live();
