/** The threads of a point or a card, and one thread with its comments; both follow the public stream. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { CommentKind, Comment, Thread } from '$lib/api/wire';
import type { EventFrame } from '$lib/live/frames';
import { commentOf, threadOf } from '$lib/live/told';
import { framework } from '$lib/state/framework.svelte';
import { site } from '$lib/state/site.svelte';

/** What a comment may do in the argument. */
export const KINDS = [
  'remark',
  'support',
  'objection',
  'question',
  'evidence',
] as const satisfies CommentKind[];
export type Place = { point: number } | { concession: string };
export type Post = { body: string; kind: CommentKind; language: string };
/** Where the words were kept while they were written. */
export type Draft = string;

export class Discussion {
  readonly place: Place;
  threads = $state<Thread[] | null>(null);
  problem = $state<Problem | null>(null);

  constructor(place: Place) {
    this.place = place;
  }

  async load(): Promise<void> {
    try {
      this.threads = await api.all<Thread>((after) =>
        'point' in this.place
          ? api.pointThreads(framework.slug, this.place.point, after)
          : api.cardThreads(this.place.concession, after),
      );
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  follow(): () => void {
    return framework.onEvent((event) => {
      if (!event) void this.load();
      else {
        const told = threadOf(event);
        if (told) this.#hear(told);
        this.#count(event.data.counters.thread);
      }
    });
  }

  /** Opens a thread and gives it. */
  async start(title: string, post: Post, draft: Draft): Promise<Thread | undefined> {
    const made = await framework.submit({ type: 'post_thread', ...this.place, title, ...post }, draft);
    this.#put(made.thread);
    return made.thread;
  }

  #count(counters: EventFrame['data']['counters']['thread']): void {
    const thread = counters && this.threads?.find((known) => known.id === counters.id);
    if (thread) Object.assign(thread, { comments: counters.comments, last_at: counters.last_at });
  }

  #hear(told: Thread): void {
    const known = this.threads?.find(({ id }) => id === told.id);
    if (told.title === null && site.mine(known)) void this.load();
    else this.#put(told);
  }

  #put(thread: Thread | undefined): void {
    if (!thread || !this.threads) return;
    const at = this.threads.findIndex((known) => known.id === thread.id);
    if (!this.#here(thread)) {
      // A moderator put it under another point or card. What is gone altogether names no place and stays as it was.
      if (at >= 0 && placed(thread)) this.threads.splice(at, 1);
    } else if (at < 0) this.threads.push(thread);
    else if (this.threads[at]!.version <= thread.version) this.threads[at] = thread;
  }

  #here(thread: Thread): boolean {
    return 'point' in this.place
      ? thread.point?.number === this.place.point && !thread.concession
      : thread.concession === this.place.concession;
  }
}

/** The other threads that show on the point, or under the card, where one stands. */
export async function beside(id: string): Promise<Thread[]> {
  const { thread } = await api.thread(id);
  const all = await api.all<Thread>((after) =>
    thread.concession
      ? api.cardThreads(thread.concession, after)
      : api.pointThreads(framework.slug, thread.point?.number ?? 0, after),
  );
  return all.filter((other) => other.id !== id && (other.state === 'open' || other.state === 'locked'));
}

/** The thread in which an old link's comments are now, where it was united with another, perhaps more than once. */
export async function ledTo(id: string): Promise<Thread | null> {
  let { thread } = await api.thread(id);
  if (!thread.merged_into) return null;
  for (let steps = 0; thread.merged_into && steps < 100; steps += 1)
    thread = (await api.thread(thread.merged_into)).thread;
  return thread;
}

/** Whether a thread says where it stands. */
const placed = (thread: Partial<Thread>): boolean => !!(thread.point ?? thread.concession);

export class ThreadState {
  readonly id: string;
  thread = $state<Thread | null>(null);
  comments = $state<Comment[]>([]);
  loaded = $state(false);
  problem = $state<Problem | null>(null);

  constructor(id: string) {
    this.id = id;
  }

  /** The comments that answer this one, or the thread itself, oldest first. */
  replies(parent: string | null): Comment[] {
    return this.comments
      .filter((comment) => comment.parent === parent)
      .toSorted((a, b) => a.created_at - b.created_at || a.id.localeCompare(b.id));
  }

  async load(): Promise<void> {
    try {
      this.comments = await api.all<Comment>(async (after) => {
        const page = await api.thread(this.id, after);
        this.thread = page.thread;
        return page.comments;
      });
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.loaded = true;
  }

  /** Loads while the page stands still: nothing else can be on the paper that is about to be drawn. */
  loadNow(): void {
    let after: string | undefined;
    do {
      const page = api.threadNow(this.id, after);
      if (!page) return;
      this.thread = page.thread;
      this.comments.push(...page.comments.items);
      after = page.comments.next ?? undefined;
    } while (after);
    this.loaded = true;
  }

  follow(): () => void {
    return framework.onEvent((event) => {
      if (!event) void this.load();
      else this.#event(event);
    });
  }

  async post(post: Post, parent: string | null, draft: Draft): Promise<void> {
    const reply = parent ? { parent } : {};
    const made = await framework.submit({ type: 'post_comment', thread: this.id, ...post, ...reply }, draft);
    if (made.comment) this.put(made.comment);
    // Slow mode counts from this post.
    if (framework.you?.posting) void framework.refreshYou().catch(() => {});
  }

  async edit(comment: Comment, body: string): Promise<void> {
    const made = await framework.submit({
      type: 'edit_comment',
      comment: comment.id,
      version: comment.version,
      body,
    });
    if (made.comment) this.put(made.comment);
  }

  async remove(comment: Comment): Promise<void> {
    const made = await framework.submit({
      type: 'delete_comment',
      comment: comment.id,
    });
    if (made.comment) this.put(made.comment);
  }

  put(comment: Comment): void {
    const at = this.comments.findIndex((known) => known.id === comment.id);
    if (comment.thread !== this.id) {
      // A moderator made its branch a thread of its own. What is gone altogether names no thread.
      if (at >= 0 && comment.thread) this.comments.splice(at, 1);
    } else if (at < 0) this.comments.push(comment);
    else if (this.comments[at]!.version <= comment.version) this.comments[at] = comment;
  }

  #hear(told: Comment): void {
    const known = this.comments.find(({ id }) => id === told.id);
    if (told.body === null && told.state !== 'deleted' && site.mine(known)) void this.load();
    else this.put(told);
  }

  #event(event: EventFrame): void {
    const [comment, thread] = [commentOf(event), threadOf(event)];
    if (comment) this.#hear(comment);
    if (thread?.id === this.id) this.thread = thread;
  }
}
