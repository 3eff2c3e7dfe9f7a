/**
 * The live connection: one socket, any number of streams, and commands that are acknowledged.
 * It reconnects by itself, resumes each stream from what it has, and never applies an event twice.
 */
import { Problem } from '$lib/api/client';
import { newId } from '$lib/api/ids';
import { afterClose } from './backoff';
import { Cursor } from './cursor';
import type { Ack, EventFrame, Nack, PresenceFrame, ServerFrame, TallyFrame } from './frames';

export type Status = 'idle' | 'connecting' | 'open' | 'waiting' | 'stopped';
export type StopReason = 'protocol' | 'signed_out' | 'banned' | 'version';

/** What a stream's owner wants to hear. */
export interface StreamHandler {
  event(event: EventFrame): void;
  /** The stream starts afresh from here; null when the server sent no body. */
  snapshot(body: unknown, epoch: string, seq: number): void;
  revoked?(): void;
}

export interface Listeners {
  status(status: Status, reason: StopReason | null): void;
  tally(frame: TallyFrame): void;
  presence(frame: PresenceFrame): void;
}

type Subscription = {
  framework: string;
  stream: string;
  cursor: Cursor<EventFrame>;
  handler: StreamHandler;
  ref: string | null;
  /** Set while a gap is given its second to close. */
  hold: ReturnType<typeof setTimeout> | null;
};
type Waiting = {
  resolve: (ack: Ack) => void;
  reject: (problem: Problem) => void;
  timer: ReturnType<typeof setTimeout>;
};

/** How long a gap may take to close by itself. */
const HOLD_MS = 1_000;
/** Past this an acknowledgement is unknown: the same id is sent again. */
const ACK_MS = 15_000;
/** A head from a heartbeat may overtake its event by a moment. */
const GRACE_HEARTBEATS = 2.5;

export class LiveSocket {
  status: Status = 'idle';
  #url: string;
  #listeners: Listeners;
  #random: () => number;
  #socket: WebSocket | null = null;
  #subscriptions = new Map<string, Subscription>();
  #waiting = new Map<string, Waiting>();
  #attempt = 0;
  #drainMs: number | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #silence: ReturnType<typeof setTimeout> | null = null;
  #heartbeatMs = 0;
  #here: { framework: string; point?: number } | null = null;

  constructor(url: string, listeners: Listeners, random: () => number = Math.random) {
    this.#url = url;
    this.#listeners = listeners;
    this.#random = random;
  }

  get open(): boolean {
    return this.status === 'open';
  }

  /** Connects, or connects at once when waiting to. */
  start(): void {
    if (this.#socket) return;
    this.#clearRetry();
    this.#set('connecting');
    const socket = new WebSocket(this.#url, 'demarche.v1');
    this.#socket = socket;
    socket.onmessage = (message) => {
      if (this.#socket === socket && typeof message.data === 'string') this.#receive(message.data);
    };
    socket.onclose = (close) => {
      if (this.#socket === socket) this.#closed(close.code);
    };
  }

  /** Drops the connection and makes a new one: after signing in or out. */
  restart(): void {
    this.stop();
    this.#attempt = 0;
    this.start();
  }

  stop(): void {
    this.#clearRetry();
    const socket = this.#socket;
    this.#forgetSocket();
    socket?.close(1000);
    this.#set('idle');
  }

  /** Follows a stream from what is already known of it; returns the way to stop. */
  subscribe(
    framework: string,
    stream: string,
    handler: StreamHandler,
    from: { epoch: string; seq: number } | null = null,
  ): () => void {
    const key = keyOf(framework, stream);
    this.#drop(key);
    const cursor = new Cursor<EventFrame>(from?.epoch ?? null, from?.seq ?? 0);
    const subscription: Subscription = { framework, stream, cursor, handler, ref: null, hold: null };
    this.#subscriptions.set(key, subscription);
    if (this.open) this.#ask(subscription);
    return () => {
      if (this.#subscriptions.get(key) !== subscription) return;
      this.#drop(key);
      this.#send({ type: 'unsubscribe', framework, stream });
    };
  }

  /** Sends a command; the promise settles with the server's answer or a retryable problem. */
  command(id: string, framework: string, command: unknown): Promise<Ack> {
    if (!this.open) return Promise.reject(lost());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(lost()), ACK_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#send({ type: 'command', id, framework, command });
    });
  }

  /** Says which point is being read, for the presence counts. */
  here(framework: string, point?: number): void {
    this.#here = point === undefined ? { framework } : { framework, point };
    this.#send({ type: 'here', ...this.#here });
  }

  #receive(text: string): void {
    let frame: ServerFrame;
    try {
      frame = JSON.parse(text) as ServerFrame;
    } catch {
      return;
    }
    this.#heard();
    switch (frame.type) {
      case 'hello':
        this.#greeted(frame.heartbeat_ms);
        break;
      case 'subscribed': {
        const subscription = this.#find(frame.framework, frame.stream);
        if (!subscription || subscription.ref !== frame.ref) return;
        subscription.ref = null;
        this.#release(subscription);
        if (frame.mode === 'snapshot') {
          const following = subscription.cursor.jump(frame.epoch, frame.seq);
          subscription.handler.snapshot(frame.snapshot ?? null, frame.epoch, frame.seq);
          for (const event of following) subscription.handler.event(event);
        }
        break;
      }
      case 'event':
        this.#event(frame);
        break;
      case 'tally':
        this.#listeners.tally(frame);
        break;
      case 'presence':
        this.#listeners.presence(frame);
        break;
      case 'ack':
        this.#settle(frame.id)?.resolve(frame);
        break;
      case 'nack':
        this.#refused(frame);
        break;
      case 'heartbeat':
        for (const head of frame.heads) {
          const subscription = this.#find(head.framework, head.stream);
          if (subscription?.cursor.behind(head.epoch, head.seq)) this.#hold(subscription);
        }
        break;
      case 'lagging': {
        const subscription = this.#find(frame.framework, frame.stream);
        if (subscription) this.#ask(subscription);
        break;
      }
      case 'drain':
        this.#drainMs = frame.reconnect_in_ms;
        break;
      case 'revoked': {
        const subscription = this.#find(frame.framework, frame.stream);
        this.#drop(keyOf(frame.framework, frame.stream));
        subscription?.handler.revoked?.();
        break;
      }
    }
  }

  #greeted(heartbeatMs: number): void {
    this.#attempt = 0;
    this.#drainMs = null;
    this.#heartbeatMs = heartbeatMs;
    this.#heard();
    this.#set('open');
    for (const subscription of this.#subscriptions.values()) this.#ask(subscription);
    if (this.#here) this.#send({ type: 'here', ...this.#here });
  }

  #event(frame: EventFrame): void {
    const subscription = this.#find(frame.framework, frame.stream);
    if (!subscription) return;
    const verdict = subscription.cursor.offer(frame);
    if (verdict.kind === 'apply') {
      if (!subscription.cursor.waiting) this.#release(subscription);
      for (const event of verdict.events) subscription.handler.event(event);
    } else if (verdict.kind === 'hold') {
      this.#hold(subscription);
    } else if (verdict.kind === 'foreign') {
      this.#ask(subscription);
    }
  }

  #refused(frame: Nack): void {
    if (frame.id !== undefined) this.#settle(frame.id)?.reject(new Problem(frame.problem, 0));
    for (const [key, subscription] of this.#subscriptions) {
      if (frame.ref === undefined || subscription.ref !== frame.ref) continue;
      subscription.ref = null;
      if (frame.problem.retryable) this.#hold(subscription);
      else this.#drop(key);
    }
  }

  #ask(subscription: Subscription): void {
    this.#release(subscription);
    if (subscription.ref !== null || !this.open) return;
    subscription.ref = newId();
    subscription.cursor.release();
    const { framework, stream, ref, cursor } = subscription;
    const known = cursor.epoch === null ? {} : { epoch: cursor.epoch, after: cursor.last };
    this.#send({ type: 'subscribe', ref, framework, stream, ...known });
  }

  #hold(subscription: Subscription): void {
    if (subscription.hold !== null) return;
    const { last } = subscription.cursor;
    subscription.hold = setTimeout(() => {
      subscription.hold = null;
      // The gap may have closed without a held event to say so.
      if (subscription.cursor.last === last || subscription.cursor.waiting) this.#ask(subscription);
    }, HOLD_MS);
  }

  #release(subscription: Subscription): void {
    if (subscription.hold !== null) clearTimeout(subscription.hold);
    subscription.hold = null;
  }

  #closed(code: number): void {
    this.#forgetSocket();
    const next = afterClose(code, this.#attempt, this.#random(), this.#drainMs);
    this.#drainMs = null;
    if ('stop' in next) {
      this.#set('stopped', next.stop);
      return;
    }
    this.#attempt += 1;
    this.#set('waiting');
    this.#retry = setTimeout(() => this.start(), next.wait);
  }

  /** A connection that fell silent past its heartbeats is dead, whatever the browser believes. */
  #heard(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    if (this.#heartbeatMs === 0) return;
    this.#silence = setTimeout(() => {
      const socket = this.#socket;
      socket?.close();
      if (socket) this.#closed(1006);
    }, this.#heartbeatMs * GRACE_HEARTBEATS);
  }

  #forgetSocket(): void {
    this.#socket = null;
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = null;
    for (const subscription of this.#subscriptions.values()) {
      subscription.ref = null;
      this.#release(subscription);
    }
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(lost());
  }

  #settle(id: string): Waiting | null {
    const waiting = this.#waiting.get(id);
    if (!waiting) return null;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    return waiting;
  }

  #find(framework: string, stream: string): Subscription | undefined {
    return this.#subscriptions.get(keyOf(framework, stream));
  }

  #drop(key: string): void {
    const subscription = this.#subscriptions.get(key);
    if (subscription) this.#release(subscription);
    this.#subscriptions.delete(key);
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #clearRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #set(status: Status, reason: StopReason | null = null): void {
    this.status = status;
    this.#listeners.status(status, reason);
  }
}

const keyOf = (framework: string, stream: string): string => `${framework}/${stream}`;
const lost = (): Problem => new Problem({ code: 'offline', retryable: true }, 0);
