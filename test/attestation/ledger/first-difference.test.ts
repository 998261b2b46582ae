import { expect, it } from 'vitest';
import {
  emptyRange,
  firstDifference,
  growRange,
  type ReadNodes,
  type TreeHash,
} from '../../../src/attestation/index.ts';
import { sha256Hex } from '../../../src/lib/index.ts';

/** A tree of leaves, with how many of its nodes were read. */
function treeOf(leaves: readonly string[]) {
  const hashes = new Map<string, TreeHash>();
  let range = emptyRange();
  for (const leaf of leaves) {
    const grown = growRange(range, sha256Hex(leaf));
    range = grown.range;
    for (const { level, index, hash } of grown.nodes) hashes.set(`${level}/${index}`, hash);
  }
  let count = 0;
  const read: ReadNodes = async (nodes) => {
    count += nodes.length;
    return nodes.map(({ level, index }) => hashes.get(`${level}/${index}`) ?? expect.fail('no such node'));
  };
  return { read, reads: () => count };
}

const leaves = (size: number) => Array.from({ length: size }, (_, at) => `leaf ${at}`);

it('finds the first leaf that differs, wherever it is, and says null where none does', async () => {
  for (const size of [1, 2, 3, 7, 8, 13]) {
    const right = treeOf(leaves(size));
    for (let bad = 0; bad < size; bad++) {
      const wrong = treeOf(leaves(size).map((leaf, at) => (at >= bad ? `${leaf}!` : leaf)));
      expect(await firstDifference(size, right.read, wrong.read)).toBe(bad);
    }
    expect(await firstDifference(size, right.read, treeOf(leaves(size + 3)).read)).toBeNull();
  }
});

it('reads a node of each level at most', async () => {
  const [right, wrong] = [treeOf(leaves(1000)), treeOf(leaves(1000).with(617, 'other'))];
  expect(await firstDifference(1000, right.read, wrong.read)).toBe(617);
  expect(wrong.reads()).toBeLessThanOrEqual(10);
});
