/** What a decision says of itself, in the reader's language where nobody wrote it. */
import type { LogEntry } from './api/wire';
import { i18n } from './i18n/index.svelte';

/** The rule that readers' words are counted for; other automated decisions follow one urgent report. */
const SCOPE = 'R8';

/** Automated decisions are told in our words; a moderator's stand as written. */
export function factsOf({ by, action, rule, facts }: LogEntry): string {
  if (by !== 'automated') return facts;
  const counted: Record<string, string> = i18n.t.scope.automated;
  return rule === SCOPE ? (counted[action] ?? facts) : i18n.t.desk.mine.urgent_facts;
}
