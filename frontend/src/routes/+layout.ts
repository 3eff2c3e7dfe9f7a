import { i18n } from '$lib/i18n/index.svelte';
import { FIRST } from '$lib/first';

export const ssr = false;
export const prerender = false;

/** Nothing is drawn before its words are there. */
export async function load({ route }: { route: { id: string | null } }): Promise<void> {
  await i18n.start(route.id !== null && !FIRST.has(route.id));
}
