/** What changed between two texts, word by word. */

export type Piece = { text: string; kind: 'same' | 'gone' | 'new' };

/** Texts of more words than this are told apart as a whole: the table below grows with the square. */
const MOST = 1500;

const words = (text: string): string[] => text.match(/\s*[^\s]+|\s+$/gu) ?? [];

/** The words of both texts in order; whatever they share once (longest common subsequence). */
export function diff(before: string, after: string): Piece[] {
  const [a, b] = [words(before), words(after)];
  if (a.length > MOST || b.length > MOST) {
    return join([
      { text: before, kind: 'gone' },
      { text: after, kind: 'new' },
    ]);
  }
  const same = (i: number, j: number): boolean => a[i]!.trim() === b[j]!.trim();
  // table[i][j]: how many words the ends of both, from i and from j, share.
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i]![j] = same(i, j) ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(i, j)) {
      pieces.push({ text: b[j]!, kind: 'same' });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && table[i + 1]![j]! >= table[i]![j + 1]!)) {
      pieces.push({ text: a[i]!, kind: 'gone' });
      i += 1;
    } else {
      pieces.push({ text: b[j]!, kind: 'new' });
      j += 1;
    }
  }
  return join(pieces);
}

/** Neighbours of one kind as one piece. */
function join(pieces: Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else if (piece.text) joined.push({ ...piece });
  }
  return joined;
}
