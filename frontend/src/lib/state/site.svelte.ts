/** The site and the reader: the first call of the app, and what signing in or out changes. */
import * as api from '$lib/api/calls';
import { asProblem, Problem } from '$lib/api/client';
import type { Author, Lang, Site } from '$lib/api/wire';
import { i18n } from '$lib/i18n/index.svelte';
import { draftsOf, forgetDrafts } from '$lib/kept/drafts';
import { forgetHands } from '$lib/kept/hand-stored';
import { live } from './live.svelte';
import { missed } from './missed';
import { writes } from './writes.svelte';

class SiteState {
  info = $state<Site | null>(null);
  problem = $state<Problem | null>(null);

  get you(): Site['you'] {
    return this.info?.you ?? null;
  }

  /** Whether the reader wrote a thing. What is held is told to the public as gone, and shown to its author. */
  mine(thing: { author: Author | null } | null | undefined): boolean {
    return !!thing?.author && thing.author.id === this.you?.id;
  }

  async load(): Promise<void> {
    try {
      this.info = await api.site();
      draftsOf(this.info.you?.id ?? null);
      this.problem = null;
      // Through the style object: the policy refuses style attributes.
      if (this.info.colour) document.documentElement.style.setProperty('--host', this.info.colour);
      const locale = this.you?.locale as Lang | null | undefined;
      if (locale && !i18n.chosen && locale !== i18n.lang) await i18n.use(locale).catch(missed);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** After signing in, registering or signing out: asks anew, and the socket greets as the new person. */
  async changed(): Promise<void> {
    await this.load();
    live.socket.restart();
    if (this.you) void writes.flush(this.you.id);
  }

  /** What was written and answered here goes first: it must not stay on the device where the server cannot be told. */
  async signOut(): Promise<void> {
    if (this.you) this.forget(this.you.id);
    try {
      await api.signOut();
    } catch (error) {
      // A session that has ended is one that was signed out.
      if (asProblem(error).code !== 'unauthenticated') throw error;
    }
    await this.changed();
  }

  /** Takes from this device what an account wrote and answered here. */
  forget(account: string): void {
    forgetDrafts(account);
    forgetHands(account);
  }
}

export const site = new SiteState();
