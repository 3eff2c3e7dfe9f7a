/** Terms of a card being written: kept as a draft until they have been taken. */
import type { Command } from '$lib/api/commands';
import type { Concession } from '$lib/api/wire';
import { dropDraft, loadDraft, saveDraft } from '$lib/kept/drafts';
import { text, type Shape } from '$lib/kept/shape';
import { Attempt } from '$lib/state/attempt.svelte';
import { framework } from '$lib/state/framework.svelte';

/** The names of the terms on the wire. */
export type Term = 'title' | 'body' | 'in_return' | 'verifier' | 'trigger';
export type Terms = Record<Term, string>;

/** The shapes of the terms as a device keeps them. */
export const termShapes = { title: text, body: text, in_return: text, verifier: text, trigger: text };

export class Draft<T extends Terms> extends Attempt {
  /** Where the draft is kept. */
  readonly place: string;
  draft = $state<T>()!;

  constructor(place: string, shape: Shape<T>, start: T) {
    super();
    this.place = place;
    this.draft = loadDraft(place, shape) ?? start;
  }

  keep(): void {
    saveDraft(this.place, $state.snapshot(this.draft));
  }

  drop(): void {
    dropDraft(this.place);
  }

  /** Some of the terms as they go out: what was left empty is left out. */
  protected given(...names: Term[]): Partial<Terms> {
    const said = names.map((name) => [name, this.draft[name].trim()]);
    return Object.fromEntries(said.filter(([, words]) => words));
  }

  /** Sends them; gives the card as it is now, or null where they were refused. */
  protected async submit(command: Command): Promise<Concession | null> {
    let card: Concession | undefined;
    await this.run(async () => {
      card = (await framework.submit(command, this.place)).concession;
    });
    return card ?? null;
  }
}
