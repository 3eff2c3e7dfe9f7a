/** The cards that a text being written is like: asked for while one types, once one rests. */
import * as api from '$lib/api/calls';
import type { Similar } from '$lib/api/wire';

/** How long one rests before the server is asked, in milliseconds. */
const REST = 500;
/** Fewer letters than this are like everything. */
const LEAST = 24;

export class SimilarCards {
  readonly question: string;
  found = $state<Similar[]>([]);
  /** Cards the writer said are another thing. */
  #other = $state<string[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(question: string) {
    this.question = question;
  }

  /** What is found and was not put aside. */
  get cards(): Similar[] {
    return this.found.filter(({ concession }) => !this.#other.includes(concession.id));
  }

  /** Hears what is written so far. */
  write(title: string, body: string): void {
    clearTimeout(this.#timer);
    if (title.length + body.length < LEAST) {
      this.#asked += 1;
      this.found = [];
      return;
    }
    this.#timer = setTimeout(() => void this.ask(title, body), REST);
  }

  async ask(title: string, body: string): Promise<void> {
    const turn = (this.#asked += 1);
    // A look-up is a help: where it fails, one goes on writing.
    const answer = await api.similar(this.question, title, body).catch(() => null);
    if (answer && turn === this.#asked) this.found = answer.items;
  }

  different(card: string): void {
    this.#other.push(card);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }
}
