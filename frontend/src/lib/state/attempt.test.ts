import { expect, it } from 'vitest';
import { Problem } from '$lib/api/client';
import { Attempt } from './attempt.svelte';

const fails = (problem: ConstructorParameters<typeof Problem>[0]) => (): Promise<never> =>
  Promise.reject(new Problem(problem, 0));

it('sends under the same id until it is answered', async () => {
  const attempt = new Attempt();
  const ids: string[] = [];
  const send = (then: () => Promise<unknown>) =>
    attempt.run((id) => {
      ids.push(id);
      return then();
    });
  await send(fails({ code: 'offline', retryable: true }));
  await send(fails({ code: 'forbidden' }));
  await send(async () => {});
  await send(async () => {});
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

it('says whether it was taken, and keeps why it was not', async () => {
  const attempt = new Attempt();
  expect(await attempt.run(fails({ code: 'forbidden' }))).toBe(false);
  expect([attempt.busy, attempt.problem?.code]).toEqual([false, 'forbidden']);
  expect(await attempt.run(async () => {})).toBe(true);
  expect(attempt.problem).toBeNull();
});
