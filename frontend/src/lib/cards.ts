/** Small readings of cards that several views need. */
import type { Concession } from './api/wire';

/** As much of a card as a heading takes. */
export type Titled = Pick<Concession, 'title' | 'language'>;

/** The title, or the id where the text is not to be seen. */
export const titleOf = (card: Titled | undefined): string => card?.title ?? '…';

/** Whether the viewer sees the card's text. */
export const readable = (card: Concession): boolean => card.body !== null;

/** The key under which the catalogue knows a category or a verification: lower case, words joined by `_`. */
export const keyOf = (name: string): string => name.toLowerCase().replace(/[^a-z]+/g, '_');
