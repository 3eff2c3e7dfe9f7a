import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { proves } from './receipt';

const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (text: string): Buffer => sha(Buffer.from([0]), Buffer.from(text, 'latin1'));
const split = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);
const root = (leaves: Buffer[]): Buffer =>
  leaves.length === 1
    ? leaves[0]!
    : sha(
        Buffer.from([1]),
        root(leaves.slice(0, split(leaves.length))),
        root(leaves.slice(split(leaves.length))),
      );
function path(leaves: Buffer[], index: number): Buffer[] {
  if (leaves.length === 1) return [];
  const [left, right] = [leaves.slice(0, split(leaves.length)), leaves.slice(split(leaves.length))];
  return index < left.length
    ? [...path(left, index), root(right)]
    : [...path(right, index - left.length), root(left)];
}

it('agrees with the reference tree of Certificate Transparency', async () => {
  const proof = {
    commitment: leaf('').toString('hex'),
    index: 0,
    size: 8,
    path: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  };
  const top = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328';
  expect(await proves(proof, top)).toBe(true);
  expect(await proves({ ...proof, index: 1 }, top)).toBe(false);
  expect(await proves({ ...proof, path: proof.path.slice(1) }, top)).toBe(false);
});

it('proves every leaf of every small tree and nothing else', async () => {
  const all = Array.from({ length: 14 }, (_, number) => leaf(String(number)));
  for (let size = 1; size <= all.length; size += 1) {
    const leaves = all.slice(0, size);
    const top = root(leaves).toString('hex');
    for (const [index, own] of leaves.entries()) {
      const proof = {
        commitment: own.toString('hex'),
        index,
        size,
        path: path(leaves, index).map((hash) => hash.toString('hex')),
      };
      expect(await proves(proof, top)).toBe(true);
      const other = all[(index + 1) % all.length]!.toString('hex');
      expect(await proves({ ...proof, commitment: other }, top)).toBe(false);
      expect(await proves({ ...proof, index: index + 1 }, top)).toBe(false);
      expect(await proves({ ...proof, path: [...proof.path, other] }, top)).toBe(false);
    }
  }
});

it('proves nothing before the round is closed', async () => {
  expect(await proves({ commitment: '00', index: null, size: null, path: [] }, '00')).toBe(false);
});
