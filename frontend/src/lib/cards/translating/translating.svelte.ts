/** A translation being written: kept as a draft, and bound to the version of the card it was made from. */
import { asProblem, type Problem } from '$lib/api/client';
import type { Concession, Lang, Translation } from '$lib/api/wire';
import { LANGS } from '$lib/i18n/index.svelte';
import { dropDraft, loadDraft, saveDraft } from '$lib/kept/drafts';
import { number, object, oneOf, text } from '$lib/kept/shape';
import { framework } from '$lib/state/framework.svelte';

const blank = (version: number, language: Lang) => ({
  version,
  language,
  title: '',
  body: '',
  in_return: '',
  verifier: '',
  trigger: '',
});
type Draft = ReturnType<typeof blank>;
const isDraft = object<Draft>({
  version: number,
  language: oneOf(...LANGS),
  title: text,
  body: text,
  in_return: text,
  verifier: text,
  trigger: text,
});

export class Translating {
  readonly card: string;
  readonly place: string;
  draft = $state<Draft>()!;
  busy = $state(false);
  problem = $state<Problem | null>(null);

  constructor(card: Concession, language: Lang) {
    this.card = card.id;
    this.place = `translate.${card.id}`;
    this.draft = loadDraft(this.place, isDraft) ?? blank(card.version, language);
  }

  keep(): void {
    saveDraft(this.place, $state.snapshot(this.draft));
  }

  drop(): void {
    dropDraft(this.place);
  }

  /** After a conflict: the same words, now of this version. */
  rebase(card: Concession): void {
    this.draft.version = card.version;
    this.keep();
  }

  /** Gives the card with its translations, or null where it was refused. */
  async send(): Promise<Concession | null> {
    this.busy = true;
    this.problem = null;
    try {
      const { version, language, title, body, in_return, verifier, trigger } = this.draft;
      const given = (key: string, text: string): object => (text.trim() ? { [key]: text.trim() } : {});
      const { concession } = await framework.submit(
        {
          type: 'translate_concession',
          concession: this.card,
          version,
          language,
          title: title.trim(),
          body: body.trim(),
          ...given('in_return', in_return),
          ...given('verifier', verifier),
          ...given('trigger', trigger),
        },
        this.place,
      );
      return concession ?? null;
    } catch (error) {
      this.problem = asProblem(error);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

/** Says whether a translation is true; gives the card as it is then. */
export async function review(card: string, one: Translation, accepts: boolean): Promise<Concession | null> {
  const { concession } = await framework.submit({
    type: 'review_translation',
    concession: card,
    translation: one.id,
    accepts,
  });
  return concession ?? null;
}
