/** Words of a text that a rule touches: cut out by the server's offsets, which count Unicode scalars. */
import type { Match } from '$lib/api/wire';

/** A stretch of text; `rule` is set where a rule touches it. */
export type Piece = { text: string; rule?: string };

/** The text in pieces, in order; where matches overlap, the first one has the words. */
export function pieces(text: string, matches: readonly Match[]): Piece[] {
  const scalars = [...text];
  const cut = (start: number, end: number): string => scalars.slice(start, end).join('');
  const found: Piece[] = [];
  let at = 0;
  for (const { start, end, rule } of matches.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const from = Math.max(start, at);
    if (from >= end) continue;
    if (from > at) found.push({ text: cut(at, from) });
    found.push({ text: cut(from, end), rule });
    at = end;
  }
  if (at < scalars.length) found.push({ text: cut(at, scalars.length) });
  return found;
}

/** The rules some matches touch, each once, in the order of the text. */
export const rulesOf = (matches: readonly Match[]): string[] => [...new Set(matches.map(({ rule }) => rule))];
