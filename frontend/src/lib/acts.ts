/** What can be done to what. The server says of each thing which acts fit it; what else it says of acts is generated. */
import { ACTS, REASONS, ROLES } from './api/rules';
import type { Action, Kind, QueueEntry, Reason, Role } from './api/wire';

/** Of the acts offered for each of some things, those that fit all of them, as one decision. */
export function fitting(offered: Action[][]): Action[] {
  const [first = [], ...rest] = offered;
  return first.filter(
    (action) => rest.length === 0 || (!ACTS[action].alone && rest.every((acts) => acts.includes(action))),
  );
}

export const appealable = (action: Action): boolean => ACTS[action].appealable;

/** Whether a moderator of another viewpoint must agree, where there is one. */
export const wantsSecond = (action: Action, kind: Kind): boolean => ACTS[action].second.includes(kind);

/** The rule the heaviest reason speaks of. */
export function ruleOf(because: QueueEntry['because'], kind: Kind): string {
  for (const one of because) if ('reason' in one) return REASONS[one.reason].rule;
  return kind === 'concession' && because.length > 0 ? 'R8' : '';
}

/** Whether such a report takes the thing from view at once. */
export const urgent = (reason: Reason | ''): boolean => reason !== '' && REASONS[reason].urgent;

/** Whether somebody of this role may do what it takes the other for. */
export const atLeast = (role: Role | undefined, least: Role): boolean =>
  ROLES.indexOf(role ?? 'anonymous') >= ROLES.indexOf(least);
