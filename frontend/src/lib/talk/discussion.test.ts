import { beforeEach, expect, it, vi } from 'vitest';
import type { Comment, FrameworkDetail, Thread } from '$lib/api/wire';
import type { EventFrame } from '$lib/live/frames';
import { framework } from '$lib/state/framework.svelte';
import { live } from '$lib/state/live.svelte';
import { Discussion, ThreadState } from './discussion.svelte';

const calls = vi.hoisted(() => ({ frameworks: vi.fn(), framework: vi.fn(), all: vi.fn() }));
vi.mock('$lib/api/calls', () => calls);

/** Sends an event down the public stream. */
let hear: (event: EventFrame) => void;

beforeEach(async () => {
  vi.spyOn(live.socket, 'subscribe').mockImplementation((_framework, _stream, handler) => {
    hear = handler.event;
    return () => {};
  });
  calls.frameworks.mockResolvedValue({ items: [{ slug: 's' }] });
  calls.framework.mockResolvedValue({
    id: 'f',
    slug: 's',
    epoch: 'e',
    seq: 0,
    points: [1, 2].map((number) => ({ number, threads: 1, comments: 2 })),
    questions: [],
    streams: [],
  } as unknown as FrameworkDetail);
  await framework.load();
});

const thread = (id: string, point: number, version = 1): Thread =>
  ({ id, point: { id: `p${point}`, number: point }, concession: null, version }) as Thread;
const comment = (id: string, of: string, parent: string | null = null): Comment =>
  ({ id, thread: of, parent, created_at: 1, version: 1 }) as Comment;
const event = (kind: string, object: object, counters: object = {}): EventFrame =>
  ({ type: 'event', kind, data: { object, counters } }) as unknown as EventFrame;

async function listOf(point: number, ...threads: Thread[]): Promise<Discussion> {
  calls.all.mockResolvedValueOnce(threads);
  const list = new Discussion({ point });
  await list.load();
  list.follow();
  return list;
}

async function opened(id: string, ...comments: Comment[]): Promise<ThreadState> {
  calls.all.mockResolvedValueOnce(comments);
  const state = new ThreadState(id);
  await state.load();
  state.follow();
  return state;
}
const ids = (things: { id: string }[] | null): string[] => (things ?? []).map(({ id }) => id);

it('moves a thread from the list of one point to that of another', async () => {
  const [first, second] = [await listOf(1, thread('a', 1), thread('b', 1)), await listOf(2)];
  hear(event('thread_changed', thread('a', 2, 2), { thread: { id: 'a', comments: 2, last_at: 5 } }));
  expect([ids(first.threads), ids(second.threads)]).toEqual([['b'], ['a']]);
});

it('keeps a thread that is gone for this reader, since it names no place', async () => {
  const list = await listOf(1, thread('a', 1));
  hear(event('thread_changed', { id: 'a' }));
  expect(ids(list.threads)).toEqual(['a']);
});

it('moves a branch of comments into the thread it became', async () => {
  const old = await opened('t', comment('a', 't'), comment('b', 't', 'a'), comment('c', 't', 'b'));
  const made = await opened('u');
  hear(event('comment_changed', comment('b', 'u')));
  hear(event('comment_changed', comment('c', 'u', 'b')));
  expect([ids(old.comments), ids(made.comments)]).toEqual([['a'], ['b', 'c']]);
  expect(ids(made.replies(null))).toEqual(['b']);
  expect(ids(made.replies('b'))).toEqual(['c']);
  // And back, where the decision is undone.
  hear(event('comment_changed', comment('b', 't', 'a')));
  hear(event('comment_changed', comment('c', 't', 'b')));
  expect([ids(old.replies('a')), ids(old.replies('b')), ids(made.comments)]).toEqual([['b'], ['c'], []]);
});

it('ignores events of a kind that only a later version knows', async () => {
  const list = await listOf(1, thread('a', 1));
  const read = await opened('a', comment('c', 'a'));
  const before = JSON.stringify([list.threads, read.comments, read.thread]);
  for (const kind of ['thread_pinned', 'comment_praised', 'concession_weighed', 'a_later_word'])
    for (const object of [
      { id: 'a' },
      { id: 'c' },
      { id: 'c', thread: 'a', version: 9 },
      thread('d', 1, 9),
      {},
    ])
      hear(event(kind, object));
  expect(JSON.stringify([list.threads, read.comments, read.thread])).toBe(before);
});

it('keeps what it shows where a node can tell no more than the id', async () => {
  const list = await listOf(1, thread('a', 1));
  const read = await opened('a', comment('c', 'a'));
  hear(event('comment_changed', { id: 'c' }));
  hear(event('thread_changed', { id: 'a' }));
  expect([ids(list.threads), ids(read.comments)]).toEqual([['a'], ['c']]);
});

it('counts what both points show afterwards', () => {
  hear(event('point_changed', { id: '1' }, { point: { number: 1, threads: 0, comments: 0 } }));
  hear(event('point_changed', { id: '2' }, { point: { number: 2, threads: 2, comments: 4 } }));
  expect(framework.point(1)).toMatchObject({ threads: 0, comments: 0 });
  expect(framework.point(2)).toMatchObject({ threads: 2, comments: 4 });
});
