/** JSON in localStorage that never throws: storage may be full, blocked or hold an older shape. */

const PREFIX = 'demarche.';

/** What is stored under the key, or null. */
export function load<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

/** Stores the value; a failure only costs durability on this device. */
export function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Private windows and full disks: the page keeps working from memory.
  }
}

/** Forgets the key. */
export function forget(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // As above.
  }
}
