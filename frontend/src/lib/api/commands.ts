/** The framework writes: the same body over the socket and over REST. */
import type { Method } from './client';
import type { Command as Any } from './types';

/** What goes over REST alone: acts that must not wait in an outbox for a connection. */
type Apart =
  | 'report'
  | 'claim'
  | 'decide'
  | 'undo_decision'
  | 'second_decision'
  | 'appeal'
  | 'decide_appeal'
  | 'deal_cards'
  | 'open_round'
  | 'close_round'
  | 'set_closing'
  | 'set_pace'
  | 'invite'
  | 'accept_invitation'
  | 'revoke_invitation'
  | 'set_role'
  | 'set_visibility';
/** What a participant writes. */
export type Command = Exclude<Any, { type: Apart }>;
export type Request = { method: Method; path: string; body?: unknown };

/** The REST call that does the same as the socket command. */
export function asRequest(slug: string, command: Command): Request {
  const { type: _type, ...rest } = command;
  const body: Record<string, unknown> = { ...rest };
  const take = (key: string): string => {
    const value = String(body[key]);
    delete body[key];
    return value;
  };
  switch (command.type) {
    case 'join':
      return { method: 'POST', path: `/frameworks/${slug}/membership`, body };
    case 'leave':
      return { method: 'DELETE', path: `/frameworks/${slug}/membership` };
    case 'mark_read':
      return { method: 'PUT', path: `/frameworks/${slug}/points/${take('point')}/read`, body };
    case 'post_thread':
      return command.point !== undefined
        ? { method: 'POST', path: `/frameworks/${slug}/points/${take('point')}/threads`, body }
        : { method: 'POST', path: `/concessions/${take('concession')}/threads`, body };
    case 'post_comment':
      return { method: 'POST', path: `/threads/${take('thread')}/comments`, body };
    case 'edit_comment':
      return { method: 'PATCH', path: `/comments/${take('comment')}`, body };
    case 'delete_comment':
      return { method: 'DELETE', path: `/comments/${take('comment')}` };
    case 'propose_concession':
      return { method: 'POST', path: `/questions/${take('question')}/concessions`, body };
    case 'edit_concession':
      return { method: 'PATCH', path: `/concessions/${take('concession')}`, body };
    case 'withdraw_concession':
      return { method: 'DELETE', path: `/concessions/${take('concession')}` };
    case 'merge_concession':
      return { method: 'POST', path: `/concessions/${take('from')}/merge`, body };
    case 'translate_concession':
      return { method: 'POST', path: `/concessions/${take('concession')}/translations`, body };
    case 'review_translation': {
      const [card, translation] = [take('concession'), take('translation')];
      return { method: 'PUT', path: `/concessions/${card}/translations/${translation}/review`, body };
    }
    case 'send_to_person':
      return { method: 'POST', path: `/concessions/${take('concession')}/person` };
    case 'confirm_scope':
      return { method: 'PUT', path: `/concessions/${take('concession')}/scope`, body };
    case 'answer_card':
      return { method: 'PUT', path: `/concessions/${take('concession')}/answer`, body };
    case 'withdraw_answer':
      return { method: 'DELETE', path: `/concessions/${take('concession')}/answer` };
    case 'answer_point':
      return { method: 'PUT', path: `/questions/${take('question')}/point-answer`, body };
    case 'set_order':
      return { method: 'PUT', path: `/questions/${take('question')}/order`, body };
  }
}
