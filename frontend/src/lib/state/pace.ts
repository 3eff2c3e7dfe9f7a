/** What slows a debate down, as a reader meets it: when the next post may come, and what the policy says of words and links. */
import type { LinkRule, Pace, Posting, QuietWindow, WordRule } from '$lib/api/wire';

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

const APOSTROPHES = /(?<=\p{L})['’‘‛ʼʻʽʹ`´′‵＇"](?=\p{L})/gu;
const MARKS = /[\p{Default_Ignorable_Code_Point}\u0300-\u0305\u0307\u0309-\u036f]/gu;

/** A text as the server compares it, but for letters of another script. */
const fold = (text: string): string =>
  text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(APOSTROPHES, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(MARKS, '')
    .normalize('NFC')
    .replaceAll('ё', 'е')
    .replaceAll('ґ', 'г');

/** The first entry of the word list that a text would meet, refusing ones before holding ones. */
export function wordIn(rules: WordRule[], text: string): { word: string; rule: WordRule } | null {
  const tokens = fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const fits = (word: string, token: string | undefined): boolean =>
    token !== undefined &&
    (word.endsWith('*') ? token.startsWith(fold(word.slice(0, -1))) : token === fold(word));
  const stands = (phrase: string): boolean => {
    const words = phrase.split(/\s+/u).filter(Boolean);
    return words.length > 0 && tokens.some((_, at) => words.every((word, n) => fits(word, tokens[at + n])));
  };
  const found = rules.flatMap((rule) => rule.words.filter(stands).map((word) => ({ word, rule })));
  return found.find(({ rule }) => rule.effect === 'refuse') ?? found[0] ?? null;
}
