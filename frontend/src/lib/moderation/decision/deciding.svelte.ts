/** One decision while it is made: what is chosen and written, and its way to the server. */
import { fitting, ruleOf } from '$lib/api/acts';
import * as api from '$lib/api/calls';
import { asProblem } from '$lib/api/client';
import type { Action, Because, Decide, Lang, LogEntry, ObjectRef } from '$lib/api/wire';
import { LANGS, i18n } from '$lib/i18n/index.svelte';
import { Attempt } from '$lib/state/attempt.svelte';
import { framework } from '$lib/state/framework.svelte';

/** What is to be decided about. */
export type Asked = {
  /** The things, the first one foremost. */
  objects: ObjectRef[];
  /** What the server offers for each of them. */
  acts: Action[][];
  /** The fingerprints of what was looked at. */
  seen: string[];
  /** The act to begin with. */
  action?: Action;
  /** Why it waits: the rule to begin with. */
  because: Because[];
  /** In which language it is written. */
  language: string | null;
  /** Looks again at what changed meanwhile: what is asked then, and what it says now. */
  again?: () => Promise<{ asked: Asked; words: string } | null>;
  /** Whether some acts take a second moderator here. */
  secondWanted: boolean;
};

/** Where a thread is moved to, or what a card or a thread is united with. */
export type Target = { point: number } | { into: string } | { into_thread: string };

/** Facts of decisions that were begun and put aside, for as long as the page lives. */
const kept = new Map<string, string>();

export class Deciding extends Attempt {
  asked = $state.raw() as Asked;
  readonly acts = $derived(fitting(this.asked.acts));
  /** Empty before one is chosen, so that nothing is approved by a slip. */
  action = $state<Action | ''>('');
  rule = $state('');
  facts = $state('');
  hours = $state<number>(24);
  title = $state('');
  target = $state<Target | null>(null);
  /** In which language the facts are written. */
  lang = $state<Lang>('en');
  /** What the thing says now, where it changed after it was looked at. */
  changed = $state<string | null>(null);

  constructor(asked: Asked) {
    super();
    this.asked = asked;
    const wanted = asked.action;
    if (wanted && this.acts.includes(wanted)) this.action = wanted;
    else if (this.acts.length === 1) this.action = this.acts[0]!;
    this.rule = ruleOf(asked.because, asked.objects[0]!.kind);
    this.lang = LANGS.find((lang) => lang === asked.language) ?? i18n.lang;
    this.facts = kept.get(this.#key) ?? '';
  }

  get #key(): string {
    return this.asked.objects.map(({ id }) => id).join(' ');
  }

  /** What goes to the server. */
  body(action: Action): Decide {
    const [object, ...also] = this.asked.objects;
    const { rule, asked } = this;
    return {
      object: object!,
      ...(also.length > 0 ? { also } : {}),
      action,
      rule,
      facts: this.facts.trim(),
      ...(action === 'suspend' ? { duration_hours: this.hours } : {}),
      ...(action === 'split' ? { title: this.title.trim() } : {}),
      ...((action === 'move' || action === 'merge') && this.target ? this.target : {}),
      ...(asked.seen.length > 0 ? { seen: asked.seen } : {}),
    };
  }

  /** Keeps what was written, should the dialog be closed. */
  keep(): void {
    if (this.facts.trim()) kept.set(this.#key, this.facts);
    else kept.delete(this.#key);
  }

  /** Shows what it says now: whoever decides reads that first. What they wrote stays. */
  async #look(): Promise<void> {
    const now = await this.asked.again?.().catch(() => null);
    if (!now) return;
    this.asked = now.asked;
    this.changed = now.words;
    if (this.action && !this.acts.includes(this.action)) this.action = '';
  }

  /** Sends it; null where it was refused or did not arrive: everything stays as it was written. */
  async send(): Promise<LogEntry[] | null> {
    const { action } = this;
    if (!action) return null;
    let made: LogEntry[] | null = null;
    await this.run(async (id) => {
      try {
        const { decision, decisions } = await api.decide(framework.slug, this.body(action), id);
        made = decisions?.length ? decisions : decision ? [decision] : [];
        kept.delete(this.#key);
      } catch (error) {
        if (asProblem(error).code === 'conflict') await this.#look();
        throw error;
      }
    });
    return made;
  }
}
