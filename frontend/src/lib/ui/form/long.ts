/** How long a text is, as the server counts it: in characters as readers see them. */

/** By how many characters a text is too long; 0 or less where it is not. */
export function over(text: string, most: number): number {
  const words = text.trim();
  // A character has at least one unit, so a short text needs no counting.
  return (words.length > most ? characters(words) : words.length) - most;
}

function characters(text: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter().segment(text)) count += 1;
  return count;
}
