import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '$lib/api/client';
import type { Concession, FrameworkDetail, Site } from '$lib/api/wire';
import { framework } from '$lib/state/framework.svelte';
import { site } from '$lib/state/site.svelte';
import { Hand } from './hand.svelte';

const calls = vi.hoisted(() => ({ deal: vi.fn() }));
vi.mock('$lib/api/calls', () => calls);

const card = (id: string): Concession => ({ id, version: 1 }) as Concession;
const submit = vi.spyOn(framework, 'submit');

beforeEach(() => {
  localStorage.clear();
  site.info = null;
  calls.deal.mockResolvedValue({ deal: 'token', cards: ['a', 'b'].map(card), expires_at: Date.now() + 1000 });
});

/** A hand judged by a visitor. */
async function judged(): Promise<Hand> {
  const hand = new Hand('q', 1);
  await hand.draw();
  for (const _ of hand.cards) {
    expect(hand.step).toBe('judging');
    hand.answer('yes', 'maybe', '');
  }
  return hand;
}

function signIn(): void {
  site.info = { you: { id: 'me' } } as Site;
  framework.detail = { you: { joined: true, camp: 'kyiv' } } as FrameworkDetail;
}

it('asks for the viewpoint once, between the last card and the result', async () => {
  const hand = await judged();
  expect(hand.step).toBe('viewpoint');
  await hand.choose(null);
  expect(hand.step).toBe('result');
});

it('does not say that answers count whose hand has expired', async () => {
  const hand = await judged();
  signIn();
  submit.mockImplementation(async (command) => {
    if (!('deal' in command)) return { answer: { dealt: false } } as never;
    throw new Problem({ code: 'bad_request', fields: [{ field: 'deal', code: 'invalid', detail: '' }] }, 400);
  });
  expect(await hand.redeem()).toEqual({ sent: 2, scored: 0, kept: 0 });
});

it('says how many answers count', async () => {
  const hand = await judged();
  signIn();
  submit.mockResolvedValue({ answer: { dealt: true } } as never);
  expect(await hand.redeem()).toEqual({ sent: 2, scored: 2, kept: 0 });
});
