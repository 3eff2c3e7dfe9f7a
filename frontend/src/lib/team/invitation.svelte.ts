/** An invitation in the hand of whoever opened its link: what it gives, and taking it. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import { newId } from '$lib/api/ids';
import type { Invited } from '$lib/api/wire';
import { forgetInvitation } from '$lib/kept/invited';

export class Invitation {
  view = $state.raw<Invited | null>(null);
  /** Why the link is worth nothing. */
  problem = $state<Problem | null>(null);
  /** Why it could not be taken. */
  fault = $state<Problem | null>(null);
  busy = $state(false);
  accepted = $state(false);
  readonly token: string;
  #commandId = newId();

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
    [this.busy, this.fault] = [true, null];
    try {
      const body = { token: this.token, ...(camp ? { camp, consent: true } : {}) };
      await api.acceptInvitation(body, this.#commandId);
      this.accepted = true;
      forgetInvitation();
    } catch (error) {
      this.fault = asProblem(error);
      if (!this.fault.retryable) this.#commandId = newId();
    }
    this.busy = false;
  }
}
