import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** The door of a page that has just come with an answer. */
async function door(): Promise<typeof import('./client')> {
  document.body.innerHTML =
    '<script type="application/json" id="arrived">{"GET /site":{"name":"as it came"}}</script>';
  vi.resetModules();
  return import('./client');
}

describe('an answer that came with the page', () => {
  const asked = vi.fn(async () => new Response('{"name":"as it is"}'));
  beforeEach(() => vi.stubGlobal('fetch', asked));
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    asked.mockClear();
  });

  it('serves once, and the server is asked from then on', async () => {
    const { call } = await door();
    expect(await call('GET', '/site')).toEqual({ name: 'as it came' });
    expect(asked).not.toHaveBeenCalled();
    expect(await call('GET', '/site')).toEqual({ name: 'as it is' });
  });

  it('serves what it is the answer to and nothing else', async () => {
    const { call } = await door();
    expect(await call('POST', '/site')).toEqual({ name: 'as it is' });
    expect(await call('GET', '/site?after=1')).toEqual({ name: 'as it is' });
  });

  it('is not taken after the first minute', async () => {
    const { call } = await door();
    vi.spyOn(performance, 'now').mockReturnValue(60_001);
    expect(await call('GET', '/site')).toEqual({ name: 'as it is' });
  });

  it('is not taken on a page that the browser went back to', async () => {
    const { call } = await door();
    const back = { type: 'back_forward' } as unknown as PerformanceEntry;
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([back]);
    expect(await call('GET', '/site')).toEqual({ name: 'as it is' });
  });
});
