/** Where ranked cards stand between acceptable and realistic, for a picture and the table beside it. */
import type { CampNumbers, TallyItem } from '$lib/api/wire';

/** How likely some readers find it: the share of "likely" and half of "maybe", and of how many. */
export type Belief = { share: number; n: number };
/** A number of the picture: the ranks of one card, or of several that would cover each other. */
export type Mark = { x: number; y: number; ranks: number[] };

/** What readers of some viewpoints believe of a card; null where none of them shows or none said. */
export function belief(item: TallyItem, camps: string[]): Belief | null {
  const shown = camps.map((camp) => item.camps[camp]).filter((camp): camp is CampNumbers => !!camp);
  const sum = (of: (camp: CampNumbers) => number): number =>
    shown.reduce((total, camp) => total + of(camp), 0);
  const likely = sum((camp) => camp.realism.likely);
  const maybe = sum((camp) => camp.realism.maybe);
  const n = likely + maybe + sum((camp) => camp.realism.unlikely);
  return n > 0 ? { share: (likely + maybe / 2) / n, n } : null;
}

/** Marks that would lie on each other become one that names all their ranks; it stands in their middle. */
export function merged(marks: Mark[], near: number): Mark[] {
  const groups: Mark[] = [];
  for (const mark of marks) {
    const group = groups.find(({ x, y }) => Math.hypot(x - mark.x, y - mark.y) < near);
    if (!group) {
      groups.push({ ...mark, ranks: [...mark.ranks] });
      continue;
    }
    const weight = group.ranks.length;
    const total = weight + mark.ranks.length;
    group.x = (group.x * weight + mark.x * mark.ranks.length) / total;
    group.y = (group.y * weight + mark.y * mark.ranks.length) / total;
    group.ranks.push(...mark.ranks);
  }
  return groups;
}

/** Places by a number, the largest first; equal numbers share a place. Nothing has none. */
export function places(values: (number | null)[]): (number | null)[] {
  return values.map((value) =>
    value === null ? null : 1 + values.filter((other) => other !== null && other > value + 1e-12).length,
  );
}
