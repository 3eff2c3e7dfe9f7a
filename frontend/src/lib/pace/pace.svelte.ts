/** The form that sets what slows the debate down: the whole document, sent with the version it was read at. */
import * as api from '$lib/api/calls';
import type { LinkRule, Pace, PaceOrder } from '$lib/api/wire';
import { Attempt } from '$lib/state/attempt.svelte';
import { framework } from '$lib/state/framework.svelte';

/** A word rule as it is typed: its words stand in one line. */
export type TypedWords = { words: string; effect: 'hold' | 'refuse'; why: string };

const numbers = (text: string): number[] =>
  text
    .split(/[\s,;]+/u)
    .filter(Boolean)
    .map(Number);

export class PaceForm extends Attempt {
  slow = $state('');
  slowPoints = $state('');
  paused = $state('');
  firstPosts = $state(0);
  raid = $state(false);
  raidHours = $state('');
  quiet = $state(false);
  from = $state('22:00');
  to = $state('07:00');
  zone = $state('Europe/Kyiv');
  words = $state<TypedWords[]>([]);
  links = $state<LinkRule[]>([]);
  saved = $state(false);
  #version = 0;
  #endsAt: number | null = null;

  constructor(pace: Pace) {
    super();
    this.read(pace);
  }

  /** Takes the settings as they are. */
  read(pace: Pace): void {
    this.#version = pace.version;
    this.slow = pace.slow_seconds ? String(pace.slow_seconds) : '';
    this.slowPoints = pace.slow_points.map((slow) => `${slow.point}: ${slow.seconds}`).join(', ');
    this.paused = pace.paused_points.join(', ');
    this.firstPosts = pace.first_posts;
    this.raid = pace.raid !== null && (pace.raid.ends_at === null || Date.now() < pace.raid.ends_at);
    this.#endsAt = this.raid ? (pace.raid?.ends_at ?? null) : null;
    this.raidHours = '';
    this.quiet = pace.quiet !== null;
    if (pace.quiet) ({ from: this.from, to: this.to, zone: this.zone } = pace.quiet);
    this.words = pace.words.map((rule) => ({ ...rule, words: rule.words.join(', ') }));
    this.links = pace.links.map((rule) => ({ ...rule }));
  }

  get rules(): PaceOrder['words'] {
    return this.words.map((rule) => ({
      ...rule,
      words: rule.words
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean),
    }));
  }

  get order(): PaceOrder {
    const slow = this.slowPoints
      .split(',')
      .filter((part) => part.trim())
      .map((part) => part.split(':').map(Number));
    const endsAt = this.raidHours ? Date.now() + Number(this.raidHours) * 3_600_000 : this.#endsAt;
    return {
      version: this.#version,
      slow_seconds: this.slow === '' ? null : Number(this.slow),
      slow_points: slow.map(([point, seconds]) => ({ point: point ?? 0, seconds: seconds ?? 0 })),
      paused_points: numbers(this.paused),
      first_posts: this.firstPosts,
      raid: this.raid ? { ends_at: endsAt } : null,
      quiet: this.quiet ? { from: this.from, to: this.to, zone: this.zone } : null,
      words: this.rules,
      links: this.links.map((rule) => ({ ...rule, label: rule.label || null })),
    };
  }

  async save(): Promise<void> {
    this.saved = false;
    this.saved = await this.run(async (id) => {
      const made = await api.setPace(framework.slug, this.order, id);
      if (!made.pace) return;
      this.read(made.pace);
      if (framework.detail) framework.detail.pace = made.pace;
    });
  }
}
