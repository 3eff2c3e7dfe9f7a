/** What can be done to what. The server says of each thing which acts fit it; what else it says of acts is generated. */
import { ACTS, REASONS } from './rules';
import type { Action, Kind, QueueEntry, Reason } from './wire';

/** What is generated knows the words of this version; a node of a later one may offer others, of which nothing is known. */
const acts: Partial<typeof ACTS> = ACTS;
const reasons: Partial<typeof REASONS> = REASONS;

/** Of the acts offered for each of some things, those that fit all of them, as one decision. */
export function fitting(offered: Action[][]): Action[] {
  const [first = [], ...rest] = offered;
  return first.filter(
    (action) =>
      acts[action] &&
      (rest.length === 0 || (!acts[action].alone && rest.every((some) => some.includes(action)))),
  );
}

export const appealable = (action: Action): boolean => acts[action]?.appealable ?? false;

/** Whether a moderator of another viewpoint must agree, where there is one. */
export const wantsSecond = (action: Action, kind: Kind): boolean =>
  acts[action]?.second.includes(kind) ?? false;

/** The rule the heaviest reason speaks of. */
export function ruleOf(because: QueueEntry['because'], kind: Kind): string {
  for (const one of because) if ('reason' in one) return reasons[one.reason]?.rule ?? '';
  return kind === 'concession' && because.length > 0 ? REASONS.territorial.rule : '';
}

/** Whether such a report takes the thing from view at once. */
export const urgent = (reason: Reason | ''): boolean => reason !== '' && (reasons[reason]?.urgent ?? false);
