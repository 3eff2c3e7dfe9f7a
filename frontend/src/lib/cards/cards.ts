/** Small readings of cards that several views need. */
import type { Concession, Translation } from '$lib/api/wire';
import { i18n } from '$lib/i18n/index.svelte';

/** As much of a card as a heading takes; a closed round keeps titles alone. */
export type Titled = Pick<Concession, 'title' | 'language'> & Partial<Concession>;

/** What a reader is shown of a card: the original, or a translation into the interface's language. */
export type Text = {
  title: string | null;
  body: string | null;
  html: string | null;
  in_return: string | null;
  verifier: string | null;
  trigger: string | null;
  /** The language it is in. */
  lang: string;
  /** Which terms stand in the original's language, where the translation leaves them out. */
  untranslated: ReadonlySet<string>;
  translation: Translation | null;
};

/** Whether a translation stands for the original: readers of two viewpoints, or the host, reviewed it. */
const stands = (one: Translation): boolean => one.reviewed || one.imported;

/** The translation into a language that stands for the original, where the card is in another and has one. */
export function translationOf(card: Titled, lang: string): Translation | null {
  const one = card.language === lang ? undefined : card.translations?.[lang];
  return one && stands(one) ? one : null;
}

/** The translation into a language that nobody has reviewed, where there is none that was. */
export function unreviewedOf(card: Concession, lang: string): Translation | null {
  const one = card.language === lang ? undefined : card.translations?.[lang];
  return one && !stands(one) ? one : null;
}

/** A card as a reader of this language is shown it. */
export function textOf(card: Concession, lang: string): Text {
  const { title, body, html, in_return, verifier, trigger } = card;
  const translation = translationOf(card, lang);
  const original = { title, body, html, in_return, verifier, trigger };
  if (!translation) return { ...original, lang: card.language, untranslated: new Set(), translation: null };
  const left = (['in_return', 'verifier', 'trigger'] as const).filter((term) => !translation[term]);
  return {
    title: translation.title,
    body: translation.body,
    html: translation.html,
    in_return: translation.in_return ?? in_return,
    verifier: translation.verifier ?? verifier,
    trigger: translation.trigger ?? trigger,
    lang,
    untranslated: new Set(left),
    translation,
  };
}

/** A title and its language: translated where the card has one in the reader's. */
function titled(card: Titled): { title: string | null; lang: string } {
  const translation = translationOf(card, i18n.lang);
  return translation
    ? { title: translation.title, lang: i18n.lang }
    : { title: card.title, lang: card.language };
}

/** The title in the reader's language where there is one, or dots where the text is not to be seen. */
export const titleOf = (card: Titled | undefined): string => (card && titled(card).title) ?? '…';

/** The language of that title. */
export const langOf = (card: Titled | undefined): string | undefined => card && titled(card).lang;

/** Whether the viewer sees the card's text. */
export const readable = (card: Concession): boolean => card.body !== null;
