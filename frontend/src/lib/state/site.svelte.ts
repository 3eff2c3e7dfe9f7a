/** The site and the reader: the first call of the app, and what signing in or out changes. */
import * as api from '../api/calls';
import { asProblem, Problem } from '../api/client';
import type { Lang, Site } from '../api/wire';
import { i18n } from '../i18n/index.svelte';
import { live } from './live.svelte';
import { writes } from './writes.svelte';

class SiteState {
  info = $state<Site | null>(null);
  problem = $state<Problem | null>(null);

  get you(): Site['you'] {
    return this.info?.you ?? null;
  }

  async load(): Promise<void> {
    try {
      this.info = await api.site();
      this.problem = null;
      // Through the style object: the policy refuses style attributes.
      if (this.info.colour) document.documentElement.style.setProperty('--host', this.info.colour);
      const locale = this.you?.locale as Lang | null | undefined;
      if (locale && !i18n.chosen && locale !== i18n.lang) await i18n.use(locale);
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

  async signOut(): Promise<void> {
    await api.signOut();
    await this.changed();
  }
}

export const site = new SiteState();
