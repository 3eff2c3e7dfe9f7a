import { describe, expect, it } from 'vitest';
import { putRight, secretIn } from './links';

const at = (path: string): URL => new URL(path, 'https://debate.example');

describe('links that carry a secret', () => {
  it('are read behind the #, and in the query where they are old', () => {
    expect(secretIn(at('/reset#token=abc'), 'token')).toBe('abc');
    expect(secretIn(at('/register?invitation=abc'), 'invitation')).toBe('abc');
    expect(secretIn(at('/reset#other=abc'), 'token')).toBeNull();
    expect(secretIn(at('/reset'), 'token')).toBeNull();
  });

  it('have no secret in the query once they are put right', () => {
    const right = putRight(at('/register?next=%2F&invitation=a%2Bb'), 'invitation');
    expect(right?.search).toBe('?next=%2F');
    expect(right && secretIn(right, 'invitation')).toBe('a+b');
    expect(putRight(at('/register#invitation=abc'), 'invitation')).toBeNull();
  });
});
