/** The second factor of one's own account: set up, confirmed, removed. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { NewSecondFactor } from '$lib/api/wire';
import { Attempt } from '$lib/state/attempt.svelte';
import { framework } from '$lib/state/framework.svelte';

export class SecondFactor extends Attempt {
  /** Since when it is asked for; `null`: it is not; `undefined`: not known yet. */
  since = $state<number | null>();
  /** The key that waits to be confirmed. */
  made = $state<NewSecondFactor | null>(null);
  said = $state<'confirmed' | 'removed' | null>(null);
  /** It could not be loaded. */
  lost = $state<Problem | null>(null);

  async load(): Promise<void> {
    try {
      this.since = (await api.me()).second_factor;
      this.lost = null;
    } catch (error) {
      this.lost = asProblem(error);
    }
  }

  setUp(password: string): Promise<boolean> {
    return this.run(async () => {
      this.made = await api.setUpSecondFactor(password);
    });
  }

  async confirm(code: string): Promise<void> {
    await api.confirmSecondFactor(code);
    this.made = null;
    await this.#changed('confirmed');
  }

  async remove(proof: api.SecondFactorProof): Promise<void> {
    await api.removeSecondFactor(proof);
    await this.#changed('removed');
  }

  /** Forgets the key that was not confirmed. */
  cancel(): void {
    this.made = null;
    this.problem = null;
  }

  /** A role may hold now that did not, or no longer. */
  async #changed(said: 'confirmed' | 'removed'): Promise<void> {
    this.said = said;
    await Promise.all([this.load(), framework.load()]);
  }

  override run(send: (id: string) => Promise<unknown>): Promise<boolean> {
    this.said = null;
    return super.run(send);
  }
}
