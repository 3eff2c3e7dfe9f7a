/** What a form or a button sends: whether it is under way, and why the last try was refused. */
import { asProblem, type Problem } from '$lib/api/client';
import { newId } from '$lib/api/ids';

export class Attempt {
  busy = $state(false);
  problem = $state<Problem | null>(null);
  /** Kept until it is answered, so that a second press has no second effect. */
  #commandId = newId();

  /** Sends, as the command of an id where it is one; a refusal is kept for the form to tell. Says whether it was taken. */
  async run(send: (id: string) => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      await send(this.#commandId);
    } catch (error) {
      this.problem = asProblem(error);
    }
    if (!this.problem?.retryable) this.#commandId = newId();
    this.busy = false;
    return this.problem === null;
  }
}
