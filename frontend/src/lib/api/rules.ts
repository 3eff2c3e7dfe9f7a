// Generated from the server's rules: `UPDATE=1 cargo test types`. Do not edit.
import type { Act, Kind, Reason } from './types';

/** Of each act, in the order in which they are offered: whether it is done to one thing at a time, whether whom it concerns may appeal,
 * and to what it takes a second moderator where there are two viewpoints. */
export const ACTS: Record<Act, { alone: boolean; appealable: boolean; second: Kind[] }> = {
  confirm_scope: { alone: false, appealable: false, second: [] },
  approve: { alone: false, appealable: false, second: [] },
  hide: { alone: false, appealable: true, second: [] },
  remove: { alone: false, appealable: true, second: ['concession'] },
  restore: { alone: false, appealable: false, second: [] },
  hold: { alone: false, appealable: true, second: [] },
  lock: { alone: false, appealable: true, second: [] },
  unlock: { alone: false, appealable: false, second: [] },
  move: { alone: true, appealable: true, second: [] },
  split: { alone: true, appealable: true, second: [] },
  merge: { alone: true, appealable: true, second: [] },
  warn: { alone: false, appealable: true, second: [] },
  suspend: { alone: false, appealable: true, second: [] },
  ban: { alone: false, appealable: true, second: ['account'] },
  lift: { alone: false, appealable: false, second: [] },
  pause: { alone: false, appealable: false, second: [] },
  resume: { alone: false, appealable: false, second: [] },
};

/** Of each reason of a report: the rule it speaks of, and whether it takes the thing from view at once. */
export const REASONS: Record<Reason, { rule: string; urgent: boolean }> = {
  insult: { rule: 'R1', urgent: false },
  hate: { rule: 'R2', urgent: false },
  threat: { rule: 'R2', urgent: true },
  doxxing: { rule: 'R3', urgent: true },
  positions: { rule: 'R4', urgent: true },
  prisoners_or_children: { rule: 'R5', urgent: true },
  suicide_risk: { rule: 'R10', urgent: true },
  illegal: { rule: 'R9', urgent: false },
  spam: { rule: 'R7', urgent: false },
  off_topic: { rule: 'R6', urgent: false },
  territorial: { rule: 'R8', urgent: false },
  duplicate: { rule: 'R7', urgent: false },
  other: { rule: 'R6', urgent: false },
};

/** The published rules a decision may name. */
export const RULES = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10'];
