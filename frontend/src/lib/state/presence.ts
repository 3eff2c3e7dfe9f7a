/** How many people are here now; never who. */
export type Presence = { count: number; approximate: boolean; points: Partial<Record<number, number>> };
