/** One door to the REST interface: JSON in, JSON or a `Problem` out. */
import { SvelteSet } from 'svelte/reactivity';
import type { Fault, ProblemBody } from './wire';

const BASE = '/api/v1';
/** Above the server's own request deadline, so that its answer is heard when there is one. */
const TIMEOUT_MS = 20_000;
/** How long after the page was asked for what came with it is taken for what is. */
const ARRIVED_MS = 60_000;

/** A refusal, a fault or a lost connection, in the server's words where it spoke. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Fault[];
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  /** The fields whose own place in the form tells their fault. */
  readonly told = new SvelteSet<string>();

  constructor(body: Partial<ProblemBody> & { code: string }, status: number) {
    super(body.detail || body.title || body.code);
    this.name = 'Problem';
    this.code = body.code;
    this.status = status;
    this.fields = body.fields ?? [];
    this.retryable = body.retryable ?? false;
    this.retryAfterMs = body.retry_after_ms ?? null;
  }
}

/** The problem a thrown value stands for. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ code: 'internal', detail: String(error) }, 0);
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Options = { body?: unknown; commandId?: string; signal?: AbortSignal };

/**
 * Answers that came with the page, by method and path: the server puts them there for readers without an account. Each
 * serves once, and only in the first minute of a page that has just been sent: a hand of cards must not be of yesterday. One
 * that the browser goes back to may be out of its store, from before somebody signed in.
 */
const arrived = new Map<string, unknown>(
  Object.entries(
    JSON.parse(globalThis.document?.getElementById('arrived')?.textContent ?? '{}') as Record<
      string,
      unknown
    >,
  ),
);

function take<T>(method: Method, path: string): T | undefined {
  const key = `${method} ${path}`;
  const answer = arrived.get(key) as T | undefined;
  arrived.delete(key);
  return performance.now() < ARRIVED_MS && !wentBack() ? answer : undefined;
}

function wentBack(): boolean {
  const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return how?.type === 'back_forward';
}

/** Calls the server. `commandId` makes a repeat of the same write harmless. */
export async function call<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const here = take<T>(method, path);
  if (here !== undefined) return here;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.commandId) headers['Idempotency-Key'] = options.commandId;
  let response: Response;
  try {
    const init: RequestInit = {
      method,
      headers,
      credentials: 'same-origin',
      signal: deadline(options.signal),
    };
    if (options.body !== undefined) init.body = JSON.stringify(options.body);
    response = await fetch(BASE + path, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem({ code: 'offline', retryable: true }, 0);
  }
  const text = await response.text();
  if (response.ok) return (text === '' ? null : JSON.parse(text)) as T;
  throw problemFrom(text, response);
}

/** Reads while the page stands still, for what cannot wait: printing. Null where it fails. */
export function callNow<T>(path: string): T | null {
  const request = new XMLHttpRequest();
  request.open('GET', BASE + path, false);
  request.setRequestHeader('Accept', 'application/json');
  try {
    request.send();
    return request.status === 200 ? (JSON.parse(request.responseText) as T) : null;
  } catch {
    return null;
  }
}

function deadline(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

function problemFrom(text: string, response: Response): Problem {
  try {
    const body = JSON.parse(text) as ProblemBody;
    if (typeof body.code === 'string') return new Problem(body, response.status);
  } catch {
    // A proxy's own page: say what its status says.
  }
  const retryable = [429, 502, 503, 504].includes(response.status);
  return new Problem({ code: retryable ? 'unavailable' : 'internal', retryable }, response.status);
}
