import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveSocket, type Listeners, type StreamHandler } from './socket';

/** A WebSocket whose other end is the test. */
class Wire {
  static readonly OPEN = 1;
  static all: Wire[] = [];
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    Wire.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  of(type: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame['type'] === type);
  }
}

const wire = (): Wire => Wire.all.at(-1)!;
const greet = (): void => wire().receive({ type: 'hello', v: 1, heartbeat_ms: 25_000, features: [] });
const event = (seq: number, epoch = 'e'): object => ({
  type: 'event',
  framework: 'f',
  stream: 'public',
  epoch,
  seq,
  kind: 'comment_posted',
  data: { object: { id: String(seq) }, counters: {} },
});
const listeners: Listeners = { status: () => {}, tally: () => {}, presence: () => {} };

function following(from: { epoch: string; seq: number } | null = { epoch: 'e', seq: 0 }) {
  const seen: number[] = [];
  const snapshots: unknown[] = [];
  const handler: StreamHandler = {
    event: ({ seq }) => seen.push(seq),
    snapshot: (body) => snapshots.push(body),
  };
  const socket = new LiveSocket('ws://here', listeners, () => 0);
  socket.subscribe('f', 'public', handler, from);
  socket.start();
  greet();
  return { socket, seen, snapshots };
}
const answer = (mode: 'resumed' | 'snapshot', seq: number, epoch = 'e'): void => {
  const ref = wire().of('subscribe').at(-1)!['ref'];
  const snapshot = mode === 'snapshot' ? { at: seq } : undefined;
  wire().receive({ type: 'subscribed', ref, framework: 'f', stream: 'public', epoch, seq, mode, snapshot });
};

beforeEach(() => {
  Wire.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Wire);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('offers the protocol and subscribes from what it has once greeted', () => {
  following({ epoch: 'e', seq: 7 });
  expect(wire().protocol).toBe('demarche.v1');
  expect(wire().of('subscribe')[0]).toMatchObject({ stream: 'public', epoch: 'e', after: 7 });
});

it('asks again from its last place when a gap does not close within a second', () => {
  const { seen } = following();
  answer('resumed', 0);
  wire().receive(event(1));
  wire().receive(event(3));
  expect(seen).toEqual([1]);
  vi.advanceTimersByTime(1_000);
  expect(wire().of('subscribe').at(-1)).toMatchObject({ after: 1 });
  answer('resumed', 3);
  wire().receive(event(2));
  wire().receive(event(3));
  expect(seen).toEqual([1, 2, 3]);
});

it('stays quiet when the gap closes in time', () => {
  const { seen } = following();
  answer('resumed', 0);
  wire().receive(event(2));
  wire().receive(event(1));
  vi.advanceTimersByTime(2_000);
  expect(seen).toEqual([1, 2]);
  expect(wire().of('subscribe')).toHaveLength(1);
});

it('notices a lost tail from a heartbeat', () => {
  following({ epoch: 'e', seq: 4 });
  answer('resumed', 4);
  wire().receive({ type: 'heartbeat', heads: [{ framework: 'f', stream: 'public', epoch: 'e', seq: 5 }] });
  vi.advanceTimersByTime(1_000);
  expect(wire().of('subscribe')).toHaveLength(2);
});

it('resumes after a lost connection without applying anything twice', () => {
  const { seen } = following();
  answer('resumed', 0);
  wire().receive(event(1));
  wire().drop(1006);
  vi.advanceTimersByTime(1_000);
  greet();
  expect(wire().of('subscribe')[0]).toMatchObject({ after: 1 });
  answer('resumed', 2);
  wire().receive(event(1));
  wire().receive(event(2));
  expect(seen).toEqual([1, 2]);
});

it('starts from the snapshot of a new epoch', () => {
  const { seen, snapshots } = following({ epoch: 'old', seq: 90 });
  answer('snapshot', 3, 'e');
  wire().receive(event(4));
  expect(snapshots).toEqual([{ at: 3 }]);
  expect(seen).toEqual([4]);
});

it('returns after a drain when the server said, and stays away after a ban', () => {
  following();
  wire().receive({ type: 'drain', reconnect_in_ms: 300 });
  wire().drop(1012);
  vi.advanceTimersByTime(299);
  expect(Wire.all).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(Wire.all).toHaveLength(2);
  wire().drop(4003);
  vi.advanceTimersByTime(600_000);
  expect(Wire.all).toHaveLength(2);
});

it('treats a silent connection as dead', () => {
  following();
  vi.advanceTimersByTime(64_000);
  expect(Wire.all.length).toBeGreaterThan(1);
});

it('ignores frames and kinds it does not know', () => {
  const { seen } = following();
  answer('resumed', 0);
  wire().receive({ type: 'something_new' });
  wire().receive({ ...event(1), kind: 'something_newer' });
  expect(seen).toEqual([1]);
});

it('settles a command by its ack, by its nack, and as retryable when the line is lost', async () => {
  const { socket } = following();
  const good = socket.command('1', 'f', { type: 'join', camp: null, consent: true });
  const bad = socket.command('2', 'f', { type: 'join', camp: 'x', consent: true });
  const lost = socket.command('3', 'f', { type: 'join', camp: null, consent: true });
  const outcome = Promise.allSettled([good, bad, lost]);
  wire().receive({
    type: 'ack',
    id: '1',
    stream: null,
    epoch: null,
    seq: null,
    duplicate: false,
    result: {},
  });
  const problem = { code: 'bad_request', title: '', detail: '', retryable: false };
  wire().receive({ type: 'nack', id: '2', problem });
  wire().drop(1006);
  const [first, second, third] = await outcome;
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ reason: { code: 'bad_request', retryable: false } });
  expect(third).toMatchObject({ reason: { code: 'offline', retryable: true } });
});
