/** What a decision says of itself, in the reader's language where nobody wrote it. */
import type { Action, LogEntry } from '$lib/api/wire';
import { fill, i18n } from '$lib/i18n/index.svelte';

/** The rule that readers' words are counted for; other automated decisions follow one urgent report. */
const SCOPE = 'R8';

/** Automated decisions are told in our words; a moderator's stand as written. */
export function factsOf({ by, action, rule, facts }: LogEntry): string {
  if (by !== 'automated') return facts;
  const counted: Record<string, string> = i18n.t.scope.automated;
  return rule === SCOPE ? (counted[action] ?? facts) : i18n.t.desk.mine.urgent_facts;
}

/** Says that nobody decided it, and what did. */
export const automatedBy = ({ rule }: LogEntry): string =>
  rule === SCOPE ? i18n.t.scope.by_readers : i18n.t.desk.log.automated;

/** What was done. Things are held for the scope rule, or for any other until somebody has looked. */
export const doneAs = (action: Action, rule: string): string =>
  action === 'hold' && rule !== SCOPE ? i18n.t.desk.held : i18n.t.desk.acts_done[action];

/** What was just decided, in a sentence. */
export function saidOf(made: LogEntry[]): string {
  const { t } = i18n;
  const [first] = made;
  if (!first) return '';
  if (made.length > 1) return i18n.plural(made.length, t.desk.decide.done_many);
  return first.state === 'pending'
    ? fill(t.desk.decide.pending, { act: t.moderation.actions[first.action] })
    : fill(t.desk.decide.done, { act: doneAs(first.action, first.rule) });
}
