import { nodeHash, type TreeHash } from './merkle.ts';

/** The size and root hash of a Merkle tree. */
export interface TreeHead {
  readonly treeSize: number;
  /** 64 lower-case hex digits. */
  readonly root: TreeHash;
}

/** Whether a proof shows that a leaf is at an index of the tree (RFC 9162 §2.1.3.2). */
export function provesInclusion(
  leaf: { readonly index: number; readonly hash: TreeHash },
  proof: readonly TreeHash[],
  { treeSize, root }: TreeHead,
): boolean {
  if (!isIndex(leaf.index) || leaf.index >= treeSize) return false;
  let [at, last, hash] = [leaf.index, treeSize - 1, leaf.hash];
  for (const other of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(other, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else hash = nodeHash(hash, other);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash === root;
}

/** Whether a proof shows that the tree of one head grew from that of another (RFC 9162 §2.1.4.2). */
export function provesConsistency(from: TreeHead, to: TreeHead, proof: readonly TreeHash[]): boolean {
  if (!isIndex(from.treeSize) || !isIndex(to.treeSize) || from.treeSize > to.treeSize) return false;
  if (from.treeSize === to.treeSize) return proof.length === 0 && from.root === to.root;
  if (from.treeSize === 0) return proof.length === 0;
  const [first, ...rest] = isPowerOfTwo(from.treeSize) ? [from.root, ...proof] : proof;
  if (first === undefined) return false;
  let [at, last] = [from.treeSize - 1, to.treeSize - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [older, newer] = [first, first];
  for (const other of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [older, newer] = [nodeHash(other, older), nodeHash(other, newer)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else newer = nodeHash(newer, other);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && older === from.root && newer === to.root;
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Numbers over 2^31 rule out bitwise operators. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}
