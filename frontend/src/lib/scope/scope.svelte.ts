/** The scope rule in the app: the gate's sentences, and its word on what is being written. */
import * as api from '$lib/api/calls';
import type { Judgement, Match, ScopeDraft, ScopeRules } from '$lib/api/wire';
import { i18n } from '$lib/i18n/index.svelte';

/** How long somebody has to pause before the gate is asked. */
const PAUSE_MS = 400;

class Rules {
  #rules = $state.raw<ScopeRules | null>(null);
  #loading: Promise<void> | null = null;

  /** The published rule and the gate's; loaded once, when somebody first needs them. */
  get all(): ScopeRules | null {
    return this.#rules;
  }

  load(): Promise<void> {
    this.#loading ??= api
      .scopeRules()
      .then((rules) => void (this.#rules = rules))
      .catch(() => void (this.#loading = null));
    return this.#loading;
  }

  /** The sentence that explains a rule, in the reader's language. */
  sentence(id: string): string {
    return this.#rules?.rules.find((rule) => rule.id === id)?.[i18n.lang] ?? '';
  }
}

export const scopeRules = new Rules();

/** The gate's word on a draft, asked whenever its writer pauses. */
export class ScopeCheck {
  readonly question: string;
  judgement = $state.raw<Judgement | null>(null);
  /** The texts that were judged: what is typed since may have moved the words. */
  #judged = $state.raw<ScopeDraft>({});
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = '';
  #turn = 0;

  constructor(question: string) {
    this.question = question;
  }

  /** Asks soon; an earlier question that has not gone out yet is dropped. */
  ask(draft: ScopeDraft): void {
    const body = JSON.stringify(draft);
    if (body === this.#asked) return;
    this.#asked = body;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(draft), PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** What the gate found in a field, and the text it found it in. */
  of(field: keyof ScopeDraft): { text: string; matches: Match[] } {
    const matches = this.judgement?.matches.filter((match) => match.field === field) ?? [];
    return { text: this.#judged[field] ?? '', matches };
  }

  async #send(draft: ScopeDraft): Promise<void> {
    const turn = ++this.#turn;
    try {
      const judgement = await api.scopeCheck(this.question, draft);
      // A slow answer to an earlier text must not cover a later one.
      if (turn !== this.#turn) return;
      if (judgement.matches.length > 0) await scopeRules.load();
      this.#judged = draft;
      this.judgement = judgement;
    } catch {
      // Advice only: the server judges again when it is sent.
    }
  }
}
