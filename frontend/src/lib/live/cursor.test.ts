import { describe, expect, it } from 'vitest';
import { Cursor } from './cursor';

const event = (seq: number, epoch = 'a') => ({ epoch, seq });
const seqs = (events: { seq: number }[]) => events.map(({ seq }) => seq);

describe('a cursor', () => {
  it('applies the next event and drops what it has', () => {
    const cursor = new Cursor('a', 4);
    expect(cursor.offer(event(5))).toEqual({ kind: 'apply', events: [event(5)] });
    expect(cursor.offer(event(5))).toEqual({ kind: 'drop' });
    expect(cursor.offer(event(2))).toEqual({ kind: 'drop' });
    expect(cursor.last).toBe(5);
  });

  it('holds what lies beyond a gap and applies it in order once the gap closes', () => {
    const cursor = new Cursor('a', 0);
    expect(cursor.offer(event(3)).kind).toBe('hold');
    expect(cursor.offer(event(2)).kind).toBe('hold');
    expect(cursor.waiting).toBe(true);
    const verdict = cursor.offer(event(1));
    expect(verdict.kind === 'apply' && seqs(verdict.events)).toEqual([1, 2, 3]);
    expect(cursor.waiting).toBe(false);
  });

  it('never applies an event of another epoch', () => {
    const cursor = new Cursor('a', 7);
    expect(cursor.offer(event(8, 'b')).kind).toBe('foreign');
    expect(cursor.last).toBe(7);
  });

  it('keeps what follows a snapshot and forgets what the snapshot holds', () => {
    const cursor = new Cursor('a', 1);
    cursor.offer(event(4));
    cursor.offer(event(6));
    expect(seqs(cursor.jump('a', 5))).toEqual([6]);
    expect(cursor.last).toBe(6);
    cursor.offer(event(9));
    expect(cursor.jump('b', 2)).toEqual([]);
    expect(cursor.waiting).toBe(false);
  });

  it('sees from a head that it has fallen behind', () => {
    const cursor = new Cursor('a', 3);
    expect(cursor.behind('a', 3)).toBe(false);
    expect(cursor.behind('a', 4)).toBe(true);
    expect(cursor.behind('b', 1)).toBe(true);
  });

  it('gives the same events for any order of arrival', () => {
    const orders = [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 2, 4, 1, 1, 3],
      [3, 1, 4, 4, 2],
    ];
    for (const order of orders) {
      const cursor = new Cursor('a', 0);
      const applied = order.flatMap((seq) => {
        const verdict = cursor.offer(event(seq));
        return verdict.kind === 'apply' ? seqs(verdict.events) : [];
      });
      expect(applied).toEqual([1, 2, 3, 4]);
    }
  });
});
