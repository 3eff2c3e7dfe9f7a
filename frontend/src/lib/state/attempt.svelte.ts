/** What a form or a button sends: whether it is under way, and why the last try was refused. */
import { asProblem, type Problem } from '$lib/api/client';

export class Attempt {
  busy = $state(false);
  problem = $state<Problem | null>(null);

  /** Sends; a refusal is kept for the form to tell. */
  async run(send: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await send();
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.busy = false;
  }
}
