/** What slows a debate down, as a reader meets it: when the next post may come, and what the policy says of links. */
import type { LinkRule, Pace, Posting, QuietWindow } from '$lib/api/wire';

const later = (last: number | null | undefined, seconds: number | null | undefined): number =>
  last && seconds ? last + seconds * 1000 : 0;

/** When slow mode lets the reader post at a place; 0 where it does not keep them. */
export function nextPost(pace: Pace, posting: Posting | null, point: number | null): number {
  if (!posting) return 0;
  const there = posting.points.find((one) => one.point === point);
  const slow = pace.slow_points.find((one) => one.point === point);
  return Math.max(later(posting.last_at, pace.slow_seconds), later(there?.at, slow?.seconds));
}

/** Whether raid mode is on. */
export const raided = (pace: Pace, now: number): boolean =>
  pace.raid !== null && (pace.raid.ends_at === null || now < pace.raid.ends_at);

/** Whether these are quiet hours. */
export const isQuiet = (window: QuietWindow | null | undefined, now: number): boolean =>
  !!window && window.starts_at <= now && now < window.ends_at;

/** A domain as the browser asks for it. */
function ascii(domain: string): string {
  try {
    return new URL(`https://${domain}`).hostname;
  } catch {
    return domain;
  }
}

/** The label of the closest domain that covers a host, if it carries one. */
export function labelOf(rules: LinkRule[], host: string): string | null {
  const name = host.replace(/\.$/, '');
  const covering = rules
    .map((rule) => ({ rule, domain: ascii(rule.domain) }))
    .filter(({ domain }) => name === domain || name.endsWith(`.${domain}`))
    .toSorted((a, b) => b.domain.length - a.domain.length);
  return covering[0]?.rule.label ?? null;
}
