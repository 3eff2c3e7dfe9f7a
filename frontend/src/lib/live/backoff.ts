/** Full jitter: a random wait up to a ceiling that doubles, so that a crowd does not return at once. */
const FLOOR_MS = 1_000;
const CEILING_MS = 60_000;

/** How long to wait before try `attempt` (0 is the first repeat); `random` is in [0, 1). */
export function backoff(attempt: number, random: number): number {
  const ceiling = Math.min(CEILING_MS, FLOOR_MS * 2 ** Math.min(attempt + 1, 10));
  return Math.round(FLOOR_MS + random * (ceiling - FLOOR_MS));
}

/** What a close code asks of the client: a wait in milliseconds, or why it should stay away. */
export type AfterClose = { wait: number } | { stop: 'protocol' | 'signed_out' | 'banned' | 'version' };

export function afterClose(
  code: number,
  attempt: number,
  random: number,
  drainMs: number | null,
): AfterClose {
  switch (code) {
    case 1002:
    case 1003:
    case 1007:
    case 1009:
      return { stop: 'protocol' };
    case 4001:
      return { stop: 'signed_out' };
    case 4003:
      return { stop: 'banned' };
    case 4009:
      return { stop: 'version' };
    case 1008:
      // A flood: the server asks for a minute at least.
      return { wait: CEILING_MS + Math.round(random * 15_000) };
    case 1012:
      return { wait: drainMs ?? backoff(attempt, random) };
    case 4008:
      return { wait: Math.round(random * FLOOR_MS) };
    default:
      return { wait: backoff(attempt, random) };
  }
}
