/** Places of a framework, found by number or by a part of their title. */
import type { Target } from './deciding.svelte';

export type Place = {
  target: Target;
  /** A point's number; cards have none. */
  number: number | null;
  title: string;
};

/** As many as a phone shows without scrolling far. */
const MOST = 8;

/** What begins with the number, or holds every word that was typed. */
export function find(places: Place[], typed: string): Place[] {
  const words = typed.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const holds = ({ number, title }: Place): boolean => {
    const text = title.toLocaleLowerCase();
    return String(number) === words.join('') || words.every((word) => text.includes(word));
  };
  const exact = ({ number }: Place): number => Number(String(number) !== words.join(''));
  return places
    .filter(holds)
    .toSorted((a, b) => exact(a) - exact(b))
    .slice(0, MOST);
}
