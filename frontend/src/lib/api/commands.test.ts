import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { asRequest, type Command } from './commands';

it('puts the address of a command into the path and the rest into the body', () => {
  const kind = 'remark' as const;
  expect(asRequest('s', { type: 'post_thread', point: 5, title: 'T', body: 'B', kind })).toEqual({
    method: 'POST',
    path: '/frameworks/s/points/5/threads',
    body: { title: 'T', body: 'B', kind },
  });
  expect(asRequest('s', { type: 'post_thread', concession: 'c', title: 'T', body: 'B', kind }).path).toBe(
    '/concessions/c/threads',
  );
  expect(asRequest('s', { type: 'answer_card', concession: 'c', version: 2, acceptance: 'yes' })).toEqual({
    method: 'PUT',
    path: '/concessions/c/answer',
    body: { version: 2, acceptance: 'yes' },
  });
  expect(asRequest('s', { type: 'answer_point', question: 'q', accepts: 'no' })).toEqual({
    method: 'PUT',
    path: '/questions/q/point-answer',
    body: { accepts: 'no' },
  });
  expect(asRequest('s', { type: 'set_order', question: 'q', tiers: [['a']] })).toEqual({
    method: 'PUT',
    path: '/questions/q/order',
    body: { tiers: [['a']] },
  });
});

type Operation = {
  operationId: string;
  requestBody?: { content: { 'application/json': { schema: Body } } };
};
type Body = { description: string; required?: string[]; properties: Record<string, unknown> };

const FILE = join(import.meta.dirname, '../../../../docs/openapi.json');
const DOCUMENT: { paths: Record<string, Record<string, Operation>> } = JSON.parse(readFileSync(FILE, 'utf8'));
const [card, comment, question, thread] = ['c1', 'm1', 'q1', 't1'];
const words = { title: 'T', body: 'B', language: 'en' };
const terms = { title: 'T', body: 'B', in_return: 'R', verifier: 'V', trigger: 'W' };
const written = { ...words, kind: 'remark' } as const;

/** One of each command, with all of its fields; of a thread, one for each place. */
const SAMPLES: { [Type in Command['type']]: Extract<Command, { type: Type }>[] } = {
  join: [{ type: 'join', camp: 'a', consent: true }],
  leave: [{ type: 'leave' }],
  mark_read: [{ type: 'mark_read', point: 5, seq: 9 }],
  post_thread: [
    { type: 'post_thread', point: 5, ...written },
    { type: 'post_thread', concession: card, ...written },
  ],
  post_comment: [
    { type: 'post_comment', thread, body: 'B', kind: 'remark', parent: comment, language: 'en' },
  ],
  edit_comment: [{ type: 'edit_comment', comment, version: 1, body: 'B', kind: 'remark' }],
  delete_comment: [{ type: 'delete_comment', comment }],
  propose_concession: [
    {
      type: 'propose_concession',
      question,
      ...terms,
      receivers: [],
      category: 'SEC-GUA',
      points: [5],
      language: 'en',
      not_about_land: true,
    },
  ],
  edit_concession: [{ type: 'edit_concession', concession: card, version: 1, ...terms }],
  withdraw_concession: [{ type: 'withdraw_concession', concession: card }],
  merge_concession: [{ type: 'merge_concession', from: card, into: 'c2' }],
  translate_concession: [
    { type: 'translate_concession', concession: card, version: 1, ...terms, language: 'uk' },
  ],
  review_translation: [{ type: 'review_translation', concession: card, translation: 'x1', accepts: true }],
  send_to_person: [{ type: 'send_to_person', concession: card }],
  confirm_scope: [{ type: 'confirm_scope', concession: card, version: 1, territorial: false }],
  answer_card: [
    {
      type: 'answer_card',
      concession: card,
      version: 1,
      acceptance: 'yes',
      realism: 'likely',
      unfreezes: 'yes',
      deal: 'd',
      note: 'N',
    },
  ],
  withdraw_answer: [{ type: 'withdraw_answer', concession: card }],
  answer_point: [{ type: 'answer_point', question, accepts: 'no' }],
  set_order: [{ type: 'set_order', question, tiers: [[card]] }],
};

/** The operation that answers at a path. */
function operationAt(method: string, path: string): Operation | undefined {
  const asked = `/api/v1${path}`.split('/');
  const fits = (known: string[]): boolean =>
    known.length === asked.length &&
    known.every((part, at) => (part.startsWith('{') ? asked[at] !== 'undefined' : part === asked[at]));
  const found = Object.entries(DOCUMENT.paths).find(([known]) => fits(known.split('/')));
  return found?.[1][method.toLowerCase()];
}

it.each(Object.values(SAMPLES).flat())('asks what the server answers: $type', (command) => {
  const { method, path, body } = asRequest('s', command);
  const operation = operationAt(method, path);
  const schema = operation?.requestBody?.content['application/json'].schema;
  if (schema === undefined) {
    // Nothing but its name says then which command it is.
    expect(command.type.split('_').filter((word) => !operation?.operationId.includes(word))).toEqual([]);
    return;
  }
  expect(schema.description).toContain(`\`${command.type}\``);
  const sent = Object.keys(body as object);
  expect(sent.filter((field) => !(field in schema.properties))).toEqual([]);
  expect(schema.required?.filter((field) => !sent.includes(field)) ?? []).toEqual([]);
});
