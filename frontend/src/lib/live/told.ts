/**
 * The thing an event tells of, by the kinds this version knows. Of any other kind it is nothing: beside this node one of a later
 * version may run. Nor is a bare `{ id }` a thing: it was taken from view, or this node cannot read it.
 */
import type { EventKind } from '$lib/api/types';
import type { Comment, Concession, Thread } from '$lib/api/wire';
import type { EventFrame } from './frames';

function told<T>({ kind, data }: EventFrame, kinds: EventKind[]): T | undefined {
  return kinds.includes(kind) && 'version' in data.object ? (data.object as T) : undefined;
}

export const threadOf = (event: EventFrame): Thread | undefined =>
  told(event, ['thread_opened', 'thread_changed']);
export const commentOf = (event: EventFrame): Comment | undefined =>
  told(event, ['comment_posted', 'comment_changed']);
export const cardOf = (event: EventFrame): Concession | undefined =>
  told(event, ['concession_proposed', 'concession_changed']);
