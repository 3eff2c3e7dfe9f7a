/** Checks a receipt in the browser: the path of RFC 6962 from a ballot's commitment to the published root. */
import type { Receipt } from '$lib/api/wire';

type Proof = Pick<Receipt, 'commitment' | 'index' | 'size' | 'path'>;

const bytes = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (hash: Uint8Array): string =>
  [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** `SHA-256(0x01 || left || right)`. */
async function node(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from([1, ...left, ...right])));
}

/** Whether this browser can compute hashes: it does only over a secure connection. */
export const canCheck = (): boolean => globalThis.crypto?.subtle !== undefined;

/** Whether the path leads from the commitment, at its place of so many, to the root (RFC 9162, section 2.1.3.2). */
export async function proves({ commitment, index, size, path }: Proof, root: string): Promise<boolean> {
  if (index === null || size === null || index >= size) return false;
  let [place, last] = [index, size - 1];
  let hash: Uint8Array = bytes(commitment);
  for (const sibling of path.map(bytes)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = await node(sibling, hash);
      // The right edge of a tree that is not full: levels where the leaf had no sibling.
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1];
    } else {
      hash = await node(hash, sibling);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 && hex(hash) === root;
}
