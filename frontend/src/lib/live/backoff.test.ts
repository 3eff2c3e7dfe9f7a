import { expect, it } from 'vitest';
import { afterClose, backoff } from './backoff';

it('waits between one second and a minute, and longer on the average with every try', () => {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    expect(backoff(attempt, 0)).toBe(1_000);
    expect(backoff(attempt, 0.999)).toBeLessThanOrEqual(60_000);
  }
  expect(backoff(0, 0.999)).toBeLessThan(2_000);
  expect(backoff(3, 0.999)).toBeGreaterThan(10_000);
});

it('does what a close code asks', () => {
  expect(afterClose(1012, 0, 0.5, 700)).toEqual({ wait: 700 });
  expect(afterClose(1002, 0, 0.5, null)).toEqual({ stop: 'protocol' });
  expect(afterClose(4001, 0, 0.5, null)).toEqual({ stop: 'signed_out' });
  expect(afterClose(4003, 0, 0.5, null)).toEqual({ stop: 'banned' });
  expect(afterClose(4009, 0, 0.5, null)).toEqual({ stop: 'version' });
  expect(afterClose(1008, 0, 0, null)).toEqual({ wait: 60_000 });
  expect(afterClose(4008, 5, 0.5, null)).toEqual({ wait: 500 });
  expect(afterClose(1006, 0, 0, null)).toEqual({ wait: 1_000 });
});
