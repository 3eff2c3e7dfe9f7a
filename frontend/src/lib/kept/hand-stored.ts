/** A hand as this device keeps it. */
import type { Acceptance, Assent, Author, Concession, Realism, Source, Translation } from '$lib/api/wire';
import { flag, listOf, mapOf, nullable, number, object, oneOf, optional, text, type Shape } from './shape';
import { device } from './storage';

export type Given = {
  acceptance: Acceptance;
  realism?: Realism;
  unfreezes?: Assent;
  note?: string;
  version: number;
  sent: boolean;
};
export type Stored = {
  deal: string;
  expires_at: number;
  cards: Concession[];
  given: Record<string, Given>;
  owner: string | null;
  /** undefined: not asked yet; null: rather not say. */
  camp?: string | null;
  /** Whether the question's point is acceptable as it stands; said once. */
  point?: { accepts: Assent; sent: boolean };
};

const acceptance = oneOf<Acceptance>('yes', 'with_changes', 'no', 'cannot_say');
const realism = oneOf<Realism>('likely', 'maybe', 'unlikely', 'cannot_say');
const assent = oneOf<Assent>('yes', 'no', 'cannot_say');
/** A field that may be missing, though its type does not name `undefined`. */
const may = <T>(shape: Shape<T>): Shape<T> => optional(shape) as Shape<T>;

const isAuthor = object<Author>({ id: text, handle: text, display_name: nullable(text) });
const isTranslation = object<Translation>({
  id: text,
  title: text,
  body: text,
  html: text,
  in_return: nullable(text),
  verifier: nullable(text),
  trigger: nullable(text),
  by: isAuthor,
  imported: flag,
  reviewed: flag,
  of_version: number,
  stale: flag,
});
const isCard = object<Concession>({
  id: text,
  question: text,
  title: nullable(text),
  body: nullable(text),
  html: nullable(text),
  in_return: nullable(text),
  verifier: nullable(text),
  trigger: nullable(text),
  receivers: listOf(text),
  category: nullable(text) as Shape<Concession['category']>,
  points: listOf(number),
  sources: listOf(object<Source>({ url: text, outlet: text, date: text, evidence: nullable(text) })),
  author: nullable(isAuthor),
  state: text as Shape<Concession['state']>,
  version: number,
  created_at: number,
  // Kept by an earlier version, a hand has none of these.
  opens_at: may(number),
  fixed: may(flag),
  grew_out_of: may(nullable(text)),
  successor: may(nullable(text)),
  language: text,
  sample: flag,
  material: number,
  merged_into: nullable(text),
  translations: mapOf(isTranslation),
  waiting_translations: may(mapOf(isTranslation)),
});
export const isStored = object<Stored>({
  deal: text,
  expires_at: number,
  cards: listOf(isCard),
  given: mapOf(
    object<Given>({
      acceptance,
      realism: may(realism),
      unfreezes: may(assent),
      note: may(text),
      version: number,
      sent: flag,
    }),
  ),
  owner: nullable(text),
  camp: may(nullable(text)),
  point: may(object<NonNullable<Stored['point']>>({ accepts: assent, sent: flag })),
});

const HAND = 'hand.';
/** The first round keeps the name that devices know. */
export const keyOfHand = (question: string, round: number): string =>
  HAND + (round > 1 ? `${question}.${round}` : question);

/** Forgets the hands an account holds here: its answers and its viewpoint are nobody else's. */
export function forgetHands(account: string): void {
  for (const key of device.keys(HAND)) {
    if (device.load(key, isStored)?.owner === account) device.forget(key);
  }
}
