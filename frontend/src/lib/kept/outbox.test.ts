import { beforeEach, expect, it } from 'vitest';
import { Problem } from '$lib/api/client';
import type { Command } from '$lib/api/commands';
import { Outbox, type Entry } from './outbox';

const target = { account: 'me', framework: 'f', slug: 's' };
const comment: Command = { type: 'post_comment', thread: 't', body: 'Words', kind: 'remark' };
const answer = (acceptance: 'yes' | 'no'): Command => ({
  type: 'answer_card',
  concession: 'c',
  version: 1,
  acceptance,
});
const lost = (): Problem => new Problem({ code: 'offline', retryable: true }, 0);
const now = async (): Promise<void> => {};

beforeEach(() => localStorage.clear());

it('repeats a command with the same id until it is answered, and then forgets it', async () => {
  const ids: string[] = [];
  const outbox = new Outbox(
    async (entry) => {
      ids.push(entry.id);
      if (ids.length < 3) throw lost();
      return 'done';
    },
    undefined,
    now,
  );
  expect(await outbox.submit(target, comment)).toBe('done');
  expect(new Set(ids).size).toBe(1);
  expect(ids).toHaveLength(3);
  expect(outbox.entries).toHaveLength(0);
});

it('keeps what could not be sent, and a later page sends it with the same id', async () => {
  const first = new Outbox(
    async () => {
      throw lost();
    },
    undefined,
    now,
  );
  await expect(first.submit(target, comment)).rejects.toMatchObject({ retryable: true });
  const id = first.entries[0]!.id;

  const sent: Entry[] = [];
  const second = new Outbox(async (entry) => void sent.push(entry));
  await second.flush('somebody else');
  expect(sent).toHaveLength(0);
  await second.flush('me');
  expect(sent.map((entry) => entry.id)).toEqual([id]);
  expect(new Outbox(async () => {}).entries).toHaveLength(0);
});

it('forgets a refused command at once', async () => {
  const outbox = new Outbox(async () => {
    throw new Problem({ code: 'forbidden' }, 403);
  });
  await expect(outbox.submit(target, comment)).rejects.toMatchObject({ code: 'forbidden' });
  expect(outbox.entries).toHaveLength(0);
});

it('holds a command for someone whose session ended', async () => {
  const outbox = new Outbox(async () => {
    throw new Problem({ code: 'unauthenticated' }, 401);
  });
  await expect(outbox.submit(target, comment)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(outbox.entries).toHaveLength(1);
});

it('replaces an unsent answer by a later one to the same card', async () => {
  const outbox = new Outbox(
    async () => {
      throw lost();
    },
    undefined,
    now,
  );
  await expect(outbox.submit(target, answer('yes'))).rejects.toBeInstanceOf(Problem);
  await expect(outbox.submit(target, answer('no'))).rejects.toBeInstanceOf(Problem);
  expect(outbox.entries.map(({ command }) => command)).toEqual([answer('no')]);
});

it('takes the same words pressed twice for one command, and says when they have arrived', async () => {
  let line = false;
  const sent: string[] = [];
  const outbox = new Outbox(
    async (entry) => {
      if (!line) throw lost();
      sent.push(entry.id);
    },
    undefined,
    now,
  );
  const arrived: (string | undefined)[] = [];
  outbox.delivered = ({ draft }) => arrived.push(draft);
  await expect(outbox.submit({ ...target, draft: 'thread.t' }, comment)).rejects.toBeInstanceOf(Problem);
  line = true;
  await outbox.submit({ ...target, draft: 'thread.t' }, { ...comment });
  await outbox.flush('me');
  expect(sent).toHaveLength(1);
  expect(arrived).toEqual(['thread.t']);
});
