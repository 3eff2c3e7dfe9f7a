/** A concession being written: kept as a draft until it has been taken. */
import { asProblem, type Problem } from '$lib/api/client';
import type { Category, Concession, Lang } from '$lib/api/wire';
import { i18n, LANGS } from '$lib/i18n/index.svelte';
import { dropDraft, loadDraft, saveDraft } from '$lib/kept/drafts';
import { flag, listOf, object, oneOf, text, type Shape } from '$lib/kept/shape';
import { framework } from '$lib/state/framework.svelte';
import { cut, firstLine, TITLE } from '$lib/ui/text/plain';

const blank = () => ({
  body: '',
  in_return: '',
  verifier: '',
  title: '',
  trigger: '',
  receivers: [] as string[],
  category: '' as Category | '',
  points: '',
  language: i18n.lang as Lang,
  not_about_land: false,
});
export type Draft = ReturnType<typeof blank>;
const isDraft = object<Draft>({
  body: text,
  in_return: text,
  verifier: text,
  title: text,
  trigger: text,
  receivers: listOf(text),
  // The catalogue's word for it, or none: the server says where it is no category.
  category: text as Shape<Draft['category']>,
  points: text,
  language: oneOf(...LANGS),
  not_about_land: flag,
});

export class Proposal {
  readonly question: string;
  draft = $state<Draft>(blank());
  made = $state<Concession | null>(null);
  busy = $state(false);
  problem = $state<Problem | null>(null);

  constructor(question: string) {
    this.question = question;
    Object.assign(this.draft, loadDraft(this.place, isDraft));
  }

  get empty(): boolean {
    return !(this.draft.body || this.draft.in_return || this.draft.verifier);
  }

  clear(): void {
    this.draft = blank();
    this.problem = null;
  }

  keep(): void {
    if (this.empty) dropDraft(this.place);
    else saveDraft(this.place, $state.snapshot(this.draft));
  }

  async send(): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      const { concession } = await framework.submit(
        { type: 'propose_concession', ...this.#body() },
        this.place,
      );
      this.made = concession ?? null;
      this.clear();
      dropDraft(this.place);
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.busy = false;
  }

  #body() {
    const { body, in_return, verifier, title, trigger, receivers, category, points, language } = this.draft;
    const given = (key: string, text: string): object => (text.trim() ? { [key]: text.trim() } : {});
    return {
      question: this.question,
      title: title.trim() || firstSentence(body),
      body: body.trim(),
      verifier: verifier.trim(),
      receivers: $state.snapshot(receivers),
      points: [...points.matchAll(/\d+/g)].map(([digits]) => Number(digits)),
      language,
      not_about_land: this.draft.not_about_land,
      ...given('in_return', in_return),
      ...given('trigger', trigger),
      ...(category ? { category } : {}),
    };
  }

  get place(): string {
    return `propose.${this.question}`;
  }
}

/** A title taken from a text: its first sentence, cut at a word where it is long. */
export function firstSentence(text: string): string {
  const first = firstLine(text, Infinity).split(/(?<=[.!?…])\s/u)[0] ?? '';
  return cut(first.replace(/[.…]+$/u, ''), TITLE);
}
