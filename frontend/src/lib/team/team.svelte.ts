/** Who has a role in the framework, and the links that give one: what its owner sees and does. */
import * as api from '$lib/api/calls';
import { asProblem, type Problem } from '$lib/api/client';
import type { Invitation, Team as View } from '$lib/api/wire';
import { Attempt } from '$lib/state/attempt.svelte';
import { secretLink } from '$lib/ui/links/links';

/** To what a moderator's decisions are limited; empty lists are no limit. */
export type Limits = { points: number[]; languages: string[] };

/** Limits as they go out: what is empty is left out. */
export function limited({ points, languages }: Limits): { points?: number[]; languages?: string[] } {
  return { ...(points.length > 0 ? { points } : {}), ...(languages.length > 0 ? { languages } : {}) };
}

export class Team {
  view = $state.raw<View | null>(null);
  invitations = $state.raw<Invitation[]>([]);
  /** Why the page could not be loaded. */
  problem = $state<Problem | null>(null);
  /** The last act. */
  readonly attempt = new Attempt();
  /** The link just made, shown this once. */
  link = $state('');
  readonly slug: string;

  constructor(slug: string) {
    this.slug = slug;
  }

  async load(): Promise<void> {
    try {
      const [view, invitations] = await Promise.all([
        api.team(this.slug),
        api.all((after) => api.invitations(this.slug, after)),
      ]);
      [this.view, this.invitations, this.problem] = [view, invitations, null];
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Links that still work. */
  get open(): Invitation[] {
    const now = Date.now();
    return this.invitations.filter((one) => !one.revoked && one.used < one.uses && one.expires_at > now);
  }

  setRole(account: string, role: api.GivenRole, limits: Limits): Promise<boolean> {
    const body = { role, ...(role === 'moderator' ? limited(limits) : {}) };
    return this.#run((id) => api.setRole(this.slug, account, body, id));
  }

  async invite(body: api.NewInvitation): Promise<boolean> {
    this.link = '';
    return this.#run(async (id) => {
      const token = (await api.invite(this.slug, body, id)).invitation?.token;
      if (token) this.link = secretLink('/invitation', 'invitation', token);
    });
  }

  revoke(invitation: string): Promise<boolean> {
    return this.#run((id) => api.revokeInvitation(this.slug, invitation, id));
  }

  setVisibility(open: boolean): Promise<boolean> {
    return this.#run((id) => api.setVisibility(this.slug, open, id));
  }

  #run(act: (id: string) => Promise<unknown>): Promise<boolean> {
    return this.attempt.run(async (id) => {
      await act(id);
      await this.load();
    });
  }
}
