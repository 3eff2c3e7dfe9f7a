/** What a decision says of itself, in the reader's language where nobody wrote it. */
import type { LogEntry } from './api/wire';
import { i18n } from './i18n/index.svelte';

/** Automated decisions are told in our words; a moderator's stand as written. */
export function factsOf({ by, action, facts }: LogEntry): string {
  const automated: Record<string, string> = i18n.t.scope.automated;
  return (by === 'automated' && automated[action]) || facts;
}
