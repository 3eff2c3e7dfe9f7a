/** A translation being written: kept as a draft, and bound to the version of the card it was made from. */
import type { Concession, Lang } from '$lib/api/wire';
import { Draft, termShapes } from '$lib/cards/terms/draft.svelte';
import { LANGS } from '$lib/i18n/index.svelte';
import { number, object, oneOf } from '$lib/kept/shape';

const blank = (version: number, language: Lang) => ({
  version,
  language,
  title: '',
  body: '',
  in_return: '',
  verifier: '',
  trigger: '',
});
type Written = ReturnType<typeof blank>;
const isWritten = object<Written>({ version: number, language: oneOf(...LANGS), ...termShapes });

export class Translating extends Draft<Written> {
  readonly card: string;

  constructor(card: Concession, language: Lang) {
    super(`translate.${card.id}`, isWritten, blank(card.version, language));
    this.card = card.id;
  }

  /** After a conflict: the same words, now of this version. */
  rebase(card: Concession): void {
    this.draft.version = card.version;
    this.keep();
  }

  /** Gives the card with its translations, or null where it was refused. */
  send(): Promise<Concession | null> {
    const { version, language, title, body } = this.draft;
    return this.submit({
      type: 'translate_concession',
      concession: this.card,
      version,
      language,
      title: title.trim(),
      body: body.trim(),
      ...this.given('in_return', 'verifier', 'trigger'),
    });
  }
}
