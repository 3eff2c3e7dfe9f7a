import { expect, it } from 'vitest';
import { asRequest } from './commands';

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
