import { i18n } from '$lib/i18n/index.svelte';

export const ssr = false;
export const prerender = false;

/** Nothing is drawn before its words are there. */
export async function load(): Promise<void> {
  await i18n.start();
}
