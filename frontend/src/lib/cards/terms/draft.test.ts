import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '$lib/api/client';
import type { Concession } from '$lib/api/wire';
import { Revision } from '$lib/cards/own/revision.svelte';
import { framework } from '$lib/state/framework.svelte';

const card = { id: 'c', version: 2, title: 'Title', body: 'Body', verifier: 'They' } as Concession;
const submit = vi.spyOn(framework, 'submit');

beforeEach(() => {
  sessionStorage.clear();
  submit.mockReset();
});

it('takes up what was kept, until it is dropped', () => {
  const writing = new Revision(card);
  writing.draft.body = 'Other words';
  writing.keep();
  expect(new Revision(card).draft.body).toBe('Other words');
  writing.drop();
  expect(new Revision(card).draft.body).toBe('Body');
});

it('sends its terms without those left empty, under the place they are kept at', async () => {
  submit.mockResolvedValue({ concession: card });
  const writing = new Revision(card);
  writing.draft.trigger = ' at once ';
  expect(await writing.send()).toEqual(card);
  const terms = { title: 'Title', body: 'Body', verifier: 'They', trigger: 'at once' };
  const command = { type: 'edit_concession', concession: 'c', version: 2, ...terms };
  expect(submit).toHaveBeenCalledWith(command, 'edit.c');
});

it('says why it was refused, and keeps the words', async () => {
  submit.mockRejectedValue(new Problem({ code: 'conflict' }, 409));
  const writing = new Revision(card);
  writing.draft.body = 'Other words';
  expect(await writing.send()).toBeNull();
  expect([writing.problem?.code, writing.busy, writing.draft.body]).toEqual([
    'conflict',
    false,
    'Other words',
  ]);
});
