/**
 * The client's half of a gapless stream: the next number is applied, an old one is dropped, one from
 * beyond a gap is held until the gap closes or the caller gives up and subscribes again.
 */
export type Numbered = { epoch: string; seq: number };
export type Verdict<E> =
  { kind: 'apply'; events: E[] } | { kind: 'drop' } | { kind: 'hold' } | { kind: 'foreign' };

/** More than the server queues for one socket; past it a fresh start is cheaper. */
const MOST_HELD = 512;

export class Cursor<E extends Numbered> {
  epoch: string | null;
  last: number;
  #held = new Map<number, E>();

  constructor(epoch: string | null = null, last = 0) {
    this.epoch = epoch;
    this.last = last;
  }

  /** Whether events wait beyond a gap. */
  get waiting(): boolean {
    return this.#held.size > 0;
  }

  /** Takes one event and says what to do. */
  offer(event: E): Verdict<E> {
    if (event.epoch !== this.epoch) return { kind: 'foreign' };
    if (event.seq <= this.last) return { kind: 'drop' };
    this.#held.set(event.seq, event);
    if (event.seq > this.last + 1) {
      if (this.#held.size > MOST_HELD) this.#held.clear();
      return { kind: 'hold' };
    }
    return { kind: 'apply', events: this.#run() };
  }

  /** Moves to a snapshot; what it already contains is forgotten, and what follows it is returned. */
  jump(epoch: string, seq: number): E[] {
    if (epoch !== this.epoch) this.#held.clear();
    this.epoch = epoch;
    this.last = seq;
    for (const held of this.#held.keys()) if (held <= seq) this.#held.delete(held);
    return this.#run();
  }

  /** Whether the server's head shows that something is missing here. */
  behind(epoch: string, head: number): boolean {
    return epoch !== this.epoch || head > this.last;
  }

  /** Forgets what waits, before the stream is asked for again. */
  release(): void {
    this.#held.clear();
  }

  #run(): E[] {
    const events: E[] = [];
    for (let next = this.#held.get(this.last + 1); next; next = this.#held.get(this.last + 1)) {
      this.#held.delete(next.seq);
      this.last = next.seq;
      events.push(next);
    }
    return events;
  }
}
