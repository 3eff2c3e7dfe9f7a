/** An invitation in the hand of whoever opened its link: what it gives, and taking it. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Invited } from '$lib/api/wire';
import { forgetInvitation } from '$lib/kept/invited';
import { Attempt } from '$lib/state/attempt.svelte';

export class Invitation {
  view = $state.raw<Invited | null>(null);
  /** Why the link is worth nothing. */
  problem = $state<Problem | null>(null);
  /** Taking it. */
  readonly attempt = new Attempt();
  accepted = $state(false);
  readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  async load(): Promise<void> {
    try {
      [this.view, this.problem] = [await api.previewInvitation(this.token), null];
    } catch (error) {
      this.problem = asProblem(error);
      if (!this.problem.retryable) forgetInvitation();
    }
  }

  /** Takes what the link gives, with a viewpoint where one is named and agreed to. */
  async accept(camp: string | null): Promise<void> {
    await this.attempt.run(async (id) => {
      const body = { token: this.token, ...(camp ? { camp, consent: true } : {}) };
      await api.acceptInvitation(body, id);
      this.accepted = true;
      forgetInvitation();
    });
  }
}
