import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '$lib/api/client';
import type { Site } from '$lib/api/wire';
import { draftsOf, loadDraft, saveDraft } from '$lib/kept/drafts';
import { text } from '$lib/kept/shape';
import { site } from './site.svelte';

const calls = vi.hoisted(() => ({ site: vi.fn(), signOut: vi.fn() }));
vi.mock('$lib/api/calls', () => calls);
vi.mock('./live.svelte', () => ({ live: { socket: { restart: vi.fn() } } }));
vi.mock('./writes.svelte', () => ({ writes: { flush: vi.fn() } }));

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  site.info = { you: { id: 'me' } } as Site;
  draftsOf('me');
  saveDraft('thread', 'unsent words');
  calls.site.mockResolvedValue({ you: null });
});

it('takes what was written from the device when somebody signs out, though the server cannot be told', async () => {
  calls.signOut.mockRejectedValue(new Problem({ code: 'offline' }, 0));
  await expect(site.signOut()).rejects.toThrow();
  expect(loadDraft('thread', text)).toBeNull();
  expect(site.you?.id, 'the session is not over, and the page says so').toBe('me');
});

it('takes a session that has ended for one that was signed out', async () => {
  calls.signOut.mockRejectedValue(new Problem({ code: 'unauthenticated' }, 401));
  await site.signOut();
  expect(site.you).toBeNull();
});
