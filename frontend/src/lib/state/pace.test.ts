import { describe, expect, it } from 'vitest';
import type { Pace } from '$lib/api/wire';
import { isQuiet, labelOf, nextPost, raided } from './pace';

const pace: Pace = {
  version: 1,
  slow_seconds: 60,
  slow_points: [{ point: 7, seconds: 600 }],
  paused_points: [],
  first_posts: 0,
  raid: { since: 0, by: 'moderator', ends_at: 5000 },
  quiet: null,
  words: [],
  links: [],
};
const posting = { last_at: 1000, points: [{ point: 7, at: 500 }], first_posts: 0, usual_hours: null };

describe('the pace', () => {
  it('waits for the longer of framework and point', () => {
    expect(nextPost(pace, posting, null)).toBe(61_000);
    expect(nextPost(pace, posting, 7)).toBe(600_500);
    expect(nextPost(pace, null, 7)).toBe(0);
  });

  it('knows when raid mode and quiet hours are over', () => {
    expect([raided(pace, 4999), raided(pace, 5000)]).toEqual([true, false]);
    const window = { starts_at: 10, ends_at: 20 };
    expect([isQuiet(window, 9), isQuiet(window, 10), isQuiet(window, 20)]).toEqual([false, true, false]);
  });

  it('labels a domain and its subdomains, in any script, and nothing else', () => {
    const rules = [
      { domain: 'state.example', effect: 'label' as const, label: 'state media' },
      { domain: 'приклад.укр', effect: 'label' as const, label: 'party' },
    ];
    expect(labelOf(rules, 'www.state.example')).toBe('state media');
    expect(labelOf(rules, 'xn--80aikifvh.xn--j1amh')).toBe('party');
    expect(labelOf(rules, 'notstate.example')).toBeNull();
  });
});
