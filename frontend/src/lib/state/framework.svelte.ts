/** The framework being read: its snapshot, kept up to date by its public stream. */
import { may } from '$lib/api/roles';
import * as api from '$lib/api/calls';
import { asProblem, Problem } from '$lib/api/client';
import type { Command } from '$lib/api/commands';
import type * as wire from '$lib/api/wire';
import { i18n } from '$lib/i18n/index.svelte';
import { keyOf } from '$lib/i18n/keys';
import type { EventFrame } from '$lib/live/frames';
import { live } from './live.svelte';
import { isQuiet } from './pace';
import { site } from './site.svelte';
import { writes } from './writes.svelte';

/** Hears the events of the public stream; `null` means that everything may have changed. */
export type Hear = (event: EventFrame | null) => void;

class FrameworkState {
  detail = $state<wire.FrameworkDetail | null>(null);
  problem = $state<Problem | null>(null);
  #hearers = new Set<Hear>();
  #leave: (() => void)[] = [];

  get slug(): string {
    return this.detail?.slug ?? '';
  }

  get you(): wire.You | null {
    return this.detail?.you ?? null;
  }

  /** Whether the reader keeps order here. */
  get moderates(): boolean {
    return may(this.you?.role, 'moderate');
  }

  /** Whether the reader keeps order on some points or in some languages alone. */
  get limited(): boolean {
    return !!(this.you?.points ?? this.you?.languages);
  }

  /** What of the pace the reader may set: all of it, some points alone, or nothing: a point has every language. */
  get paces(): 'all' | 'points' | null {
    if (!this.moderates || this.you?.languages) return null;
    return this.you?.points ? 'points' : 'all';
  }

  /** Whether the reader opens and closes rounds here. */
  get leads(): boolean {
    return may(this.you?.role, 'run_rounds');
  }

  /** Whether the pace stops the reader from posting on a point now: it is paused, or these are quiet hours. */
  stops(point: number | null): boolean {
    if (!this.detail || this.moderates) return false;
    const { pace, quiet_window } = this.detail;
    return (point !== null && pace.paused_points.includes(point)) || isQuiet(quiet_window, Date.now());
  }

  /** Whether the reader gives and takes roles here. */
  get owns(): boolean {
    return may(this.you?.role, 'appoint');
  }

  get open(): wire.Question[] {
    return this.detail?.questions.filter((question) => question.state === 'open') ?? [];
  }

  /** Loads the site's framework and follows it. */
  async load(): Promise<void> {
    try {
      const slug = this.detail?.slug ?? (await api.frameworks()).items[0]?.slug;
      if (!slug) return;
      this.detail = await api.framework(slug);
      this.problem = null;
      this.#follow(this.detail);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  point(number: number): wire.PointEntry | undefined {
    return this.detail?.points.find((point) => point.number === number);
  }

  question(id: string): wire.Question | undefined {
    return this.detail?.questions.find((question) => question.id === id);
  }

  party(key: string): wire.Names | string {
    return this.detail?.parties.find((party) => party.key === key)?.name ?? key;
  }

  camp(key: string): wire.Names | string {
    return this.detail?.camps.find((camp) => camp.key === key)?.name ?? key;
  }

  /** How well a point is verified, in the reader's language where we have the words. */
  verification(key: string): string {
    const words: Record<string, string> = i18n.t.point.verifications;
    return words[keyOf(key)] ?? this.detail?.legends.verification[key] ?? key;
  }

  /** Hears what changes for everyone. */
  onEvent(hear: Hear): () => void {
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  }

  /** Sends a write; signing in comes first. `draft` names the draft that is done with once it has arrived. */
  async submit(command: Command, draft?: string): Promise<wire.CommandResult> {
    if (!site.you || !this.detail) throw new Problem({ code: 'unauthenticated' }, 401);
    const { id, slug } = this.detail;
    const result = await writes.submit(
      { account: site.you.id, framework: id, slug, ...(draft ? { draft } : {}) },
      command,
    );
    return result ?? {};
  }

  async join(camp: string | null): Promise<void> {
    await this.submit({ type: 'join', camp, consent: true });
    await this.refreshYou();
  }

  async refreshYou(): Promise<void> {
    if (!this.detail) return;
    const fresh = await api.framework(this.detail.slug);
    this.detail.you = fresh.you;
    this.detail.quiet_window = fresh.quiet_window;
  }

  #follow(detail: wire.FrameworkDetail): void {
    for (const leave of this.#leave) leave();
    this.#leave = [
      live.socket.subscribe(
        detail.id,
        'public',
        {
          event: (event) => this.#event(event),
          snapshot: (body) => this.#snapshot(body as Partial<wire.FrameworkDetail> | null),
          revoked: () => (this.problem = new Problem({ code: 'forbidden' }, 403)),
        },
        { epoch: detail.epoch, seq: detail.seq },
      ),
    ];
    const own = detail.streams.find((stream) => stream.startsWith('account/'));
    if (own) {
      const hear = (): void => void this.refreshYou().catch(() => {});
      this.#leave.push(live.socket.subscribe(detail.id, own, { event: hear, snapshot: () => {} }));
    }
  }

  #snapshot(body: Partial<wire.FrameworkDetail> | null): void {
    if (body && this.detail) Object.assign(this.detail, body);
    else void this.load();
    for (const hear of this.#hearers) hear(null);
  }

  #event(event: EventFrame): void {
    this.#count(event);
    for (const hear of this.#hearers) hear(event);
  }

  /** Counters are absolute: whatever the frame names is simply what is shown now. */
  #count({ kind, data }: EventFrame): void {
    if (!this.detail) return;
    const { point, question } = data.counters;
    const shown = point && this.point(point.number);
    if (shown) Object.assign(shown, { threads: point.threads, comments: point.comments });
    const asked = question && this.question(question.id);
    if (asked) asked.cards = question.cards;
    if (asked && kind === 'question_changed' && 'prompt' in data.object) {
      // A new round begins with empty ballots.
      if (this.detail.you && asked.round !== data.object.round) delete this.detail.you.answered[asked.id];
      Object.assign(asked, data.object);
    }
    if (kind === 'framework_changed' && 'paused' in data.object) {
      const { paused, paused_here, paused_site, pace } = data.object;
      Object.assign(this.detail, { paused, paused_here, paused_site, pace });
      // When the next night is, and what it means for the reader, is told there alone.
      void this.refreshYou().catch(() => {});
    }
  }
}

export const framework = new FrameworkState();
