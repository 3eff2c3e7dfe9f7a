/** One thing in front of a moderator. It is read once, since each reading is noted; after that its streams keep it. */
import { SvelteSet } from 'svelte/reactivity';
import * as api from '$lib/api/calls';
import { asProblem, Problem } from '$lib/api/client';
import { newId } from '$lib/api/ids';
import type { Comment, ItemView, LogEntry, ObjectRef, QueueEntry, Thread } from '$lib/api/wire';
import type { EventFrame } from '$lib/live/frames';
import type { Asked } from '$lib/moderation/decision/deciding.svelte';
import { claimant } from '$lib/moderation/queue/queue.svelte';
import { framework } from '$lib/state/framework.svelte';
import { live } from '$lib/state/live.svelte';
import { site } from '$lib/state/site.svelte';

export class Item {
  readonly object: ObjectRef;
  view = $state<ItemView | null>(null);
  /** The thread it stands in, and the comment it answers. */
  thread = $state.raw<Thread | null>(null);
  parent = $state.raw<Comment | null>(null);
  problem = $state<Problem | null>(null);
  /** What taking it up or letting it go was refused for. */
  refused = $state<Problem | null>(null);
  /** Whether its words changed while it was looked at. */
  reworded = $state(false);
  /** The other places with its words that are decided about with it. */
  also = new SvelteSet<string>();

  constructor(object: ObjectRef) {
    this.object = object;
  }

  get mine(): boolean {
    const waiting = this.view?.waiting;
    return !!waiting && claimant(waiting) === site.you?.id;
  }

  async load(): Promise<void> {
    try {
      this.view = await api.moderatedItem(framework.slug, this.object);
      this.problem = null;
      void this.#around(this.view);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** What stands around it; a hidden thread or a parent that is gone is left out. */
  async #around({ thread, comment }: ItemView): Promise<void> {
    if (thread)
      this.thread = await api.thread(thread).then(
        (page) => page.thread,
        () => null,
      );
    if (comment?.parent) this.parent = await api.comment(comment.parent).catch(() => null);
  }

  follow(): () => void {
    const { detail } = framework;
    if (!detail) return () => {};
    const leave = [
      framework.onEvent((event) => event && this.#place(event)),
      live.socket.subscribe(detail.id, 'moderators', {
        event: (event) => this.#event(event),
        snapshot: () => {},
      }),
    ];
    return () => leave.forEach((go) => go());
  }

  #event({ kind, data: { object } }: EventFrame): void {
    const { view } = this;
    if (!view) return;
    if (kind === 'queue_changed') {
      if ('because' in object && object.object.id === view.object.id) view.waiting = object as QueueEntry;
      else if ('id' in object && object.id === view.object.id) view.waiting = null;
    } else if (kind === 'decision_made' || kind === 'appeal_changed') {
      this.put(object as LogEntry);
      const about = (object as LogEntry).object?.id;
      // What may be done now, and by which fingerprint, the server says.
      if (about === view.object.id || about === view.author?.id) void this.load();
    }
  }

  /** What everyone is told of it: that it changed, since its words may be withheld there. To read them is a look, and noted. */
  #place({ kind, data: { object } }: EventFrame): void {
    if (!('id' in object) || !('state' in object) || object.id !== this.object.id) return;
    const held = this.view?.comment ?? this.view?.concession;
    if (!held || (kind !== 'comment_changed' && kind !== 'concession_changed')) return;
    const { state, version } = object as Comment;
    if (version > held.version) this.reworded = true;
    // What may be done to it, and by which fingerprint, the server says.
    if (version > held.version || state !== held.state) void this.load();
  }

  /** Shows a decision about it as it is now. */
  put(decision: LogEntry): void {
    const { view } = this;
    if (!view || decision.object?.id !== view.object.id) return;
    const at = view.decisions.findIndex(({ id }) => id === decision.id);
    if (at < 0) view.decisions.unshift(decision);
    else view.decisions[at] = decision;
  }

  async claim(release = false): Promise<void> {
    if (!this.view?.waiting || release !== this.mine) return;
    this.refused = null;
    try {
      const act = release ? api.release : api.claim;
      const { queued } = await act(framework.slug, this.object, newId());
      if (queued && this.view) this.view.waiting = queued;
    } catch (error) {
      this.refused = asProblem(error);
    }
  }

  /** What a decision about it begins with: about it and the places that were chosen with it. */
  asked(): Asked {
    const view = this.view!;
    const also = view.again.filter(({ object }) => this.also.has(object.id));
    const all = [view, ...also];
    return {
      objects: all.map(({ object }) => object),
      acts: all.map(({ condition }) => condition.acts),
      seen: all.map(({ condition }) => condition.fingerprint),
      because: view.waiting?.because ?? [],
      language: view.comment?.language ?? view.concession?.language ?? null,
      secondWanted: view.second_wanted,
      again: async () => {
        await this.load();
        const last = this.view?.texts.at(-1);
        return this.problem
          ? null
          : { asked: this.asked(), words: [last?.title, last?.body].filter(Boolean).join('\n\n') };
      },
    };
  }

  /** What a decision about its author begins with. */
  askedAuthor(): Asked {
    const view = this.view!;
    const author = view.author!;
    return {
      objects: [{ kind: 'account', id: author.id }],
      acts: [author.condition.acts],
      seen: [author.condition.fingerprint],
      action: author.sanction ? 'lift' : 'warn',
      because: view.waiting?.because ?? [],
      language: view.comment?.language ?? view.concession?.language ?? null,
      secondWanted: view.second_wanted,
      again: async () => {
        await this.load();
        return this.view?.author && !this.problem
          ? { asked: this.askedAuthor(), words: this.view.author.handle }
          : null;
      },
    };
  }
}
