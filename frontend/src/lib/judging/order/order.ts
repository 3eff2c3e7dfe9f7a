/** Moving cards between places: a list from best to least, in which a card may share the place above it. */

export type Placed = { id: string; tied: boolean };

/** The list for tiers as the ballot keeps them; accepted cards that are not placed share the last tier. */
export function fromTiers(tiers: string[][], accepted: string[]): Placed[] {
  const known = new Set(accepted);
  const placed = tiers.map((tier) => tier.filter((id) => known.delete(id)));
  if (known.size > 0) placed.push([...known]);
  return placed.flatMap((tier) => tier.map((id, index) => ({ id, tied: index > 0 })));
}

/** The tiers of a list. */
export function toTiers(list: readonly Placed[]): string[][] {
  const tiers: string[][] = [];
  for (const { id, tied } of list) {
    const last = tiers.at(-1);
    if (tied && last) last.push(id);
    else tiers.push([id]);
  }
  return tiers;
}

/** The place number of each card, ties sharing one: 1, 2, 2, 4. */
export function places(list: readonly Placed[]): number[] {
  let place = 0;
  return list.map(({ tied }, index) => {
    if (!tied || index === 0) place = index + 1;
    return place;
  });
}

/** Moves a card to a position (0 is first); it stands alone there, and those it leaves or parts keep their own. */
export function moveTo(list: readonly Placed[], id: string, position: number): Placed[] {
  const from = list.findIndex((card) => card.id === id);
  if (from < 0) return [...list];
  const rest = list.filter((card) => card.id !== id);
  const follower = rest[from];
  // The one behind it led nobody before; if it was tied to the mover, it now leads the tie.
  if (follower?.tied && !list[from]!.tied) rest[from] = { ...follower, tied: false };
  const to = Math.max(0, Math.min(position, rest.length));
  const pushed = rest[to];
  if (pushed?.tied) rest[to] = { ...pushed, tied: false };
  return [...rest.slice(0, to), { id, tied: false }, ...rest.slice(to)];
}

/** Says that a card is as good as the one above it, or no longer. */
export function setTied(list: readonly Placed[], id: string, tied: boolean): Placed[] {
  return list.map((card, index) => (card.id === id ? { ...card, tied: tied && index > 0 } : card));
}
