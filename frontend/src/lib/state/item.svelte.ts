/** One thing in front of a moderator. It is read once, since each reading is noted; after that its streams keep it. */
import { stateOfItem } from '../acts';
import * as api from '../api/calls';
import { asProblem, Problem } from '../api/client';
import type { Comment, ItemView, LogEntry, ObjectRef, QueueEntry, Thread } from '../api/wire';
import { newId } from '../ids';
import type { EventFrame } from '../live/frames';
import type { Asked } from './deciding.svelte';
import { framework } from './framework.svelte';
import { live } from './live.svelte';
import { claimant } from './queue.svelte';
import { site } from './site.svelte';

export class Item {
  readonly object: ObjectRef;
  view = $state<ItemView | null>(null);
  /** The thread it stands in, and the comment it answers. */
  thread = $state.raw<Thread | null>(null);
  parent = $state.raw<Comment | null>(null);
  problem = $state<Problem | null>(null);
  /** What taking it up or letting it go was refused for. */
  refused = $state<Problem | null>(null);

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
    } else if (kind === 'decision_made' || kind === 'appeal_changed') this.put(object as LogEntry);
  }

  /** What everyone is told of it: its state alone, since its words may be withheld there. */
  #place({ kind, data: { object } }: EventFrame): void {
    if (!('id' in object) || !('state' in object) || object.id !== this.object.id) return;
    if (kind === 'comment_changed' && this.view?.comment) this.view.comment.state = (object as Comment).state;
    if (kind === 'concession_changed' && this.view?.concession)
      this.view.concession.state = object.state as typeof this.view.concession.state;
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

  /** What a decision about it begins with. */
  asked(): Asked {
    const view = this.view!;
    const version = view.concession?.version;
    return {
      objects: [view.object],
      subjects: [{ kind: view.object.kind, state: stateOfItem(view) }],
      because: view.waiting?.because ?? [],
      language: view.comment?.language ?? view.concession?.language ?? null,
      ...(version ? { version } : {}),
      secondWanted: view.second_wanted,
    };
  }

  /** What a decision about its author begins with. */
  askedAuthor(): Asked {
    const view = this.view!;
    const state = view.author?.sanction ? 'barred' : 'free';
    return {
      objects: [{ kind: 'account', id: view.author!.id }],
      subjects: [{ kind: 'account', state }],
      action: state === 'barred' ? 'lift' : 'warn',
      because: view.waiting?.because ?? [],
      language: view.comment?.language ?? view.concession?.language ?? null,
      secondWanted: view.second_wanted,
    };
  }
}
