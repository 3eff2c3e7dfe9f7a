/**
 * JSON kept in this browser. It never throws: where storage is blocked or full, a value lives in memory for as long
 * as the page does; one that does not have its shape is forgotten, and costs nothing but itself.
 */
import type { Shape } from './shape';

const PREFIX = 'demarche.';

export class Shelf {
  #area: () => Storage;
  /** What storage would not take. */
  #memory = new Map<string, string>();

  constructor(area: () => Storage) {
    this.#area = area;
  }

  /** What is kept under the key, or null. */
  load<T>(key: string, shape: Shape<T>): T | null {
    const kept = this.#memory.get(key) ?? this.#try((area) => area.getItem(PREFIX + key)) ?? null;
    if (kept === null) return null;
    try {
      const value: unknown = JSON.parse(kept);
      if (shape(value)) return value;
    } catch {
      // Not even JSON: nonsense like any other.
    }
    this.forget(key);
    return null;
  }

  save(key: string, value: unknown): void {
    const kept = JSON.stringify(value);
    this.#memory.set(key, kept);
    this.#try((area) => {
      area.setItem(PREFIX + key, kept);
      this.#memory.delete(key);
    });
    // What was kept before must not come back as if it were this.
    if (this.#memory.has(key)) this.#try((area) => area.removeItem(PREFIX + key));
  }

  forget(key: string): void {
    this.#memory.delete(key);
    this.#try((area) => area.removeItem(PREFIX + key));
  }

  /** The keys that begin so. */
  keys(start: string): string[] {
    const kept =
      this.#try((area) => Array.from({ length: area.length }, (_, place) => area.key(place) ?? '')) ?? [];
    const ours = kept.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
    return [...new Set([...ours, ...this.#memory.keys()])].filter((key) => key.startsWith(start));
  }

  #try<T>(act: (area: Storage) => T): T | undefined {
    try {
      return act(this.#area());
    } catch {
      // Private windows, full disks, a policy: the page goes on from memory.
      return undefined;
    }
  }
}

/** Kept on this device, for every tab and every later visit. */
export const device = new Shelf(() => localStorage);
/** Kept for this tab alone. */
export const tab = new Shelf(() => sessionStorage);
