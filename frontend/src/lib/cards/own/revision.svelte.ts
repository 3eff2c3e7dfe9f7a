/** New terms for one's own card: kept as a draft, and bound to the version they were written over. */
import { asProblem, type Problem } from '$lib/api/client';
import type { Concession } from '$lib/api/wire';
import { firstSentence } from '$lib/cards/proposing/proposal.svelte';
import { dropDraft, loadDraft, saveDraft } from '$lib/kept/drafts';
import { number, object, text } from '$lib/kept/shape';
import { framework } from '$lib/state/framework.svelte';

const termsOf = (card: Concession) => ({
  version: card.version,
  title: card.title ?? '',
  body: card.body ?? '',
  in_return: card.in_return ?? '',
  verifier: card.verifier ?? '',
  trigger: card.trigger ?? '',
});
type Terms = ReturnType<typeof termsOf>;
const isTerms = object<Terms>({
  version: number,
  title: text,
  body: text,
  in_return: text,
  verifier: text,
  trigger: text,
});

export class Revision {
  readonly card: string;
  readonly place: string;
  draft = $state<Terms>()!;
  busy = $state(false);
  problem = $state<Problem | null>(null);
  /** The text as it was before the last key. */
  #before: string;

  constructor(card: Concession) {
    this.card = card.id;
    this.place = `edit.${card.id}`;
    this.draft = loadDraft(this.place, isTerms) ?? termsOf(card);
    this.#before = this.draft.body;
  }

  /** Keeps what was typed. A title made from the first sentence follows it: else the words that had to go would stay in it. */
  keep(): void {
    const { title, body } = this.draft;
    if (title === firstSentence(this.#before)) this.draft.title = firstSentence(body);
    this.#before = body;
    saveDraft(this.place, $state.snapshot(this.draft));
  }

  drop(): void {
    dropDraft(this.place);
  }

  /** After a conflict: the same words, now over this version. */
  rebase(card: Concession): void {
    this.draft.version = card.version;
    this.keep();
  }

  /** Gives the card as it is now, or null where it was refused. */
  async send(): Promise<Concession | null> {
    this.busy = true;
    this.problem = null;
    try {
      const { version, title, body, in_return, verifier, trigger } = this.draft;
      const given = (key: string, text: string): object => (text.trim() ? { [key]: text.trim() } : {});
      const { concession } = await framework.submit(
        {
          type: 'edit_concession',
          concession: this.card,
          version,
          title: title.trim(),
          body: body.trim(),
          verifier: verifier.trim(),
          ...given('in_return', in_return),
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
