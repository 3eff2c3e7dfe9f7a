/** A concession being written: kept as a draft until it has been taken. */
import { TITLE } from '$lib/api/limits';
import type { Category, Concession, Lang } from '$lib/api/wire';
import { Draft, termShapes } from '$lib/cards/terms/draft.svelte';
import { i18n, LANGS } from '$lib/i18n/index.svelte';
import { flag, listOf, object, oneOf, text, type Shape } from '$lib/kept/shape';
import { cut, firstLine } from '$lib/ui/text/plain';

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
type Written = ReturnType<typeof blank>;
const isWritten = object<Written>({
  ...termShapes,
  receivers: listOf(text),
  // The catalogue's word for it, or none: the server says where it is no category.
  category: text as Shape<Written['category']>,
  points: text,
  language: oneOf(...LANGS),
  not_about_land: flag,
});

export class Proposal extends Draft<Written> {
  readonly question: string;
  made = $state<Concession | null>(null);

  constructor(question: string) {
    super(`propose.${question}`, isWritten, blank());
    this.question = question;
  }

  get empty(): boolean {
    return !(this.draft.body || this.draft.in_return || this.draft.verifier);
  }

  clear(): void {
    this.draft = blank();
    this.problem = null;
  }

  override keep(): void {
    if (this.empty) this.drop();
    else super.keep();
  }

  async send(): Promise<void> {
    this.made = await this.submit({ type: 'propose_concession', ...this.#body() });
    if (this.problem) return;
    this.clear();
    this.drop();
  }

  #body() {
    const { body, verifier, title, receivers, category, points, language } = this.draft;
    return {
      question: this.question,
      title: title.trim() || firstSentence(body),
      body: body.trim(),
      verifier: verifier.trim(),
      receivers: $state.snapshot(receivers),
      points: [...points.matchAll(/\d+/g)].map(([digits]) => Number(digits)),
      language,
      not_about_land: this.draft.not_about_land,
      ...this.given('in_return', 'trigger'),
      ...(category ? { category } : {}),
    };
  }
}

/** A title taken from a text: its first sentence, cut at a word where it is long. */
export function firstSentence(text: string): string {
  const first = firstLine(text, Infinity).split(/(?<=[.!?…])\s/u)[0] ?? '';
  return cut(first.replace(/[.…]+$/u, ''), TITLE);
}
