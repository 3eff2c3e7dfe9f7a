/** What waits for moderators: held page by page, kept in order by their stream, without ever being read anew. */
import { SvelteSet } from 'svelte/reactivity';
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import { newId } from '$lib/api/ids';
import type { ObjectRef, QueueEntry } from '$lib/api/wire';
import type { EventFrame } from '$lib/live/frames';
import { clock } from '$lib/state/clock.svelte';
import { framework } from '$lib/state/framework.svelte';
import { live } from '$lib/state/live.svelte';
import { site } from '$lib/state/site.svelte';
import { drop, matches, put, type Filter, type Place } from './queue';

export class Queue {
  items = $state.raw<QueueEntry[] | null>(null);
  waiting = $state(0);
  /** Whether removing a card and banning take a second moderator here. */
  secondWanted = $state(false);
  filter = $state<Filter>({ point: null, language: null });
  problem = $state<Problem | null>(null);
  busy = $state(false);
  next = $state<string | null>(null);
  selected = new SvelteSet<string>();
  /** The row the keys act on. */
  at = $state(0);
  #edge: Place | null = null;
  /** Which reading is under way: the answer of an older one is thrown away. */
  #reading = 0;
  /** What was heard while a page was read. */
  #heard: EventFrame[] = [];

  get current(): QueueEntry | null {
    return this.items?.[this.at] ?? null;
  }

  get chosen(): QueueEntry[] {
    return (this.items ?? []).filter(({ object }) => this.selected.has(object.id));
  }

  /** Reads the first page. */
  async load(): Promise<void> {
    this.at = 0;
    this.selected.clear();
    await this.#read(null);
  }

  /** Reads one page more. */
  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#read(this.next);
  }

  async #read(after: string | null): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    this.busy = true;
    try {
      const { point, language } = this.filter;
      const page = await api.queue(framework.slug, {
        ...(point === null ? {} : { point: String(point) }),
        ...(language === null ? {} : { language }),
        ...(after === null ? {} : { after }),
      });
      if (reading !== this.#reading) return;
      let held = after === null ? [] : (this.items ?? []);
      this.#edge = (page.next && page.items.at(-1)) || null;
      for (const entry of page.items) held = put(held, entry, null);
      this.#keepPlace(held);
      this.next = page.next;
      this.waiting = page.waiting;
      this.secondWanted = page.second_wanted;
      this.problem = null;
    } catch (error) {
      if (reading === this.#reading) this.problem = asProblem(error);
    }
    if (reading !== this.#reading) return;
    this.busy = false;
    for (const event of this.#heard.splice(0)) this.#event(event);
  }

  follow(): () => void {
    const { detail } = framework;
    if (!detail) return () => {};
    return live.socket.subscribe(detail.id, 'moderators', {
      event: (event) => this.#event(event),
      snapshot: () => void this.#read(null),
    });
  }

  #event(event: EventFrame): void {
    if (event.kind !== 'queue_changed') return;
    if (this.busy || !this.items) {
      this.#heard.push(event);
      return;
    }
    const { object, counters } = event.data;
    if (counters.waiting !== undefined) this.waiting = counters.waiting;
    if ('because' in object) this.put(object as QueueEntry);
    else if ('id' in object) this.#keepPlace(drop(this.items, object.id));
  }

  /** Shows a thing as it is now. */
  put(entry: QueueEntry): void {
    const held = this.items ?? [];
    this.#keepPlace(matches(entry, this.filter) ? put(held, entry, this.#edge) : drop(held, entry.object.id));
  }

  /** The keys stay with the thing they were on; where it has gone, with what took its place. */
  #keepPlace(items: QueueEntry[]): void {
    const on = this.current?.object.id;
    this.items = items;
    const at = items.findIndex(({ object }) => object.id === on);
    this.at = at >= 0 ? at : Math.max(0, Math.min(this.at, items.length - 1));
    const held = new Set(items.map(({ object }) => object.id));
    for (const id of this.selected) if (!held.has(id)) this.selected.delete(id);
  }

  select(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id);
  }

  mine(entry: QueueEntry): boolean {
    return claimant(entry) === site.you?.id;
  }

  /** Takes a thing up, or lets it go. */
  async claim(object: ObjectRef, release: boolean): Promise<void> {
    const act = release ? api.release : api.claim;
    const { queued } = await act(framework.slug, object, newId());
    if (queued) this.put(queued);
  }
}

/** Who looks at a thing now. */
export function claimant({ claimed_by, claimed_until }: QueueEntry): string | null {
  return claimed_until !== null && claimed_until > clock.now ? claimed_by : null;
}
