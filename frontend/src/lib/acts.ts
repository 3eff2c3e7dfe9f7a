/** What can be done to what: the part of the server's rules that decides which acts are offered. */
import type { Action, ItemView, Kind, QueueEntry, Reason } from './api/wire';

const OF_KIND: Record<Kind, Action[]> = {
  comment: ['approve', 'hide', 'remove', 'restore', 'hold', 'split'],
  concession: ['confirm_scope', 'approve', 'hide', 'remove', 'restore', 'hold', 'merge'],
  thread: ['approve', 'hide', 'remove', 'restore', 'lock', 'unlock', 'move'],
  account: ['approve', 'warn', 'suspend', 'ban', 'lift'],
  framework: ['pause', 'resume'],
  site: ['pause', 'resume'],
};

/** The states an act leads away from; an act that is not named here fits every state. */
const FROM: Partial<Record<Kind, Partial<Record<Action, string[]>>>> = {
  comment: {
    hide: ['visible', 'held'],
    remove: ['visible', 'held', 'hidden'],
    restore: ['hidden', 'held', 'removed'],
    hold: ['visible'],
    split: ['visible', 'held'],
  },
  concession: {
    confirm_scope: ['provisional', 'held'],
    hide: ['ranked', 'provisional', 'merged', 'held'],
    remove: ['ranked', 'provisional', 'merged', 'held', 'hidden'],
    restore: ['hidden', 'held', 'removed'],
    hold: ['ranked', 'provisional'],
    merge: ['ranked'],
  },
  thread: {
    hide: ['open', 'locked'],
    remove: ['open', 'locked'],
    restore: ['hidden'],
    lock: ['open'],
    unlock: ['locked'],
    move: ['open', 'locked'],
  },
  account: { lift: ['barred'] },
  framework: { pause: ['running'], resume: ['paused'] },
  site: { pause: ['running'], resume: ['paused'] },
};

/** Acts that are done to one thing at a time. */
const ALONE = new Set<Action>(['merge', 'split', 'move']);
/** Acts that take something from whom they concern: they can appeal. */
const TAKING = new Set<Action>([
  'hide',
  'remove',
  'lock',
  'move',
  'split',
  'merge',
  'hold',
  'warn',
  'suspend',
  'ban',
]);

/** A thing to decide about: its state where it is known. */
export type Subject = { kind: Kind; state: string | null };

/** The acts that fit everything named; `null` as a state stands for any. */
export function fitting(subjects: Subject[]): Action[] {
  const fits = (action: Action, { kind, state }: Subject): boolean => {
    const from = FROM[kind]?.[action];
    return OF_KIND[kind].includes(action) && (!from || state === null || from.includes(state));
  };
  const [first] = subjects;
  if (!first) return [];
  return OF_KIND[first.kind].filter(
    (action) =>
      (subjects.length === 1 || !ALONE.has(action)) && subjects.every((subject) => fits(action, subject)),
  );
}

/** What the queue knows of a thing's state. */
export function stateInQueue({ object, because }: QueueEntry): string | null {
  const has = (why: string): boolean => because.some((one) => one.why === why);
  if (has('held')) return 'held';
  if (has('provisional')) return 'provisional';
  // An appeal is about something that was done: the item itself tells more.
  if (has('appealed') || object.kind === 'account') return null;
  return { comment: 'visible', concession: 'ranked' }[object.kind as string] ?? null;
}

/** The state of a thing that was opened. */
export function stateOfItem({ object, comment, concession, author }: ItemView): string | null {
  if (object.kind === 'account') return author?.sanction ? 'barred' : 'free';
  return comment?.state ?? concession?.state ?? null;
}

export const appealable = (action: Action): boolean => TAKING.has(action);

/** Whether a moderator of another viewpoint must agree, where there is one. */
export const wantsSecond = (action: Action, kind: Kind): boolean =>
  (action === 'remove' && kind === 'concession') || (action === 'ban' && kind === 'account');

const RULE_OF: Record<Reason, string> = {
  insult: 'R1',
  hate: 'R2',
  threat: 'R2',
  doxxing: 'R3',
  positions: 'R4',
  prisoners_or_children: 'R5',
  off_topic: 'R6',
  other: 'R6',
  spam: 'R7',
  duplicate: 'R7',
  territorial: 'R8',
  illegal: 'R9',
  suicide_risk: 'R10',
};

/** The rule the heaviest reason speaks of. */
export function ruleOf(because: QueueEntry['because'], kind: Kind): string {
  for (const one of because) if ('reason' in one) return RULE_OF[one.reason];
  return kind === 'concession' && because.length > 0 ? 'R8' : '';
}

/** Whether such a report takes the thing from view at once. */
export const urgent = (reason: Reason | ''): boolean =>
  ['doxxing', 'positions', 'prisoners_or_children', 'suicide_risk', 'threat'].includes(reason);
