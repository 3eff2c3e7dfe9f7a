/** New terms for one's own card: kept as a draft, and bound to the version they were written over.
    Where readers have judged its words, a card that grew out of it. */
import type { Concession } from '$lib/api/wire';
import { firstSentence } from '$lib/cards/proposing/proposal.svelte';
import { Draft, termShapes } from '$lib/cards/terms/draft.svelte';
import { number, object } from '$lib/kept/shape';

const termsOf = (card: Concession) => ({
  version: card.version,
  title: card.title ?? '',
  body: card.body ?? '',
  in_return: card.in_return ?? '',
  verifier: card.verifier ?? '',
  trigger: card.trigger ?? '',
});
type Terms = ReturnType<typeof termsOf>;
const isTerms = object<Terms>({ version: number, ...termShapes });

export class Revision extends Draft<Terms> {
  readonly card: Concession;
  /** The text as it was before the last key. */
  #before: string;

  constructor(card: Concession) {
    super(`edit.${card.id}`, isTerms, termsOf(card));
    this.card = card;
    this.#before = this.draft.body;
  }

  /** Keeps what was typed. A title made from the first sentence follows it: else the words that had to go would stay in it. */
  override keep(): void {
    const { title, body } = this.draft;
    if (title === firstSentence(this.#before)) this.draft.title = firstSentence(body);
    this.#before = body;
    super.keep();
  }

  /** After a conflict: the same words, now over this version. */
  rebase(card: Concession): void {
    this.draft.version = card.version;
    this.keep();
  }

  /** Gives the card as it is now, or the new one, or null where it was refused. */
  send(): Promise<Concession | null> {
    const { version, title, body, verifier } = this.draft;
    const terms = {
      title: title.trim(),
      body: body.trim(),
      verifier: verifier.trim(),
      ...this.given('in_return', 'trigger'),
    };
    const { id, fixed, question, receivers, points, language, category } = this.card;
    if (!fixed) return this.submit({ type: 'edit_concession', concession: id, version, ...terms });
    return this.submit({
      type: 'propose_concession',
      grew_out_of: id,
      question,
      receivers,
      points,
      language,
      not_about_land: true,
      ...(category ? { category } : {}),
      ...terms,
    });
  }
}
