import { CountersignError } from '../../domain/index.ts';
import { sha256Hex } from '../../lib/index.ts';

/** A Merkle tree hash (RFC 6962), 64 lower-case hex digits. */
export type TreeHash = string;

/**
 * A Merkle tree of `size` leaves, reduced to the roots of its largest full subtrees, left to right: all that appending
 * needs. There is one hash for each bit set in `size`. Plain JSON.
 */
export interface CompactRange {
  readonly size: number;
  readonly hashes: readonly TreeHash[];
}

/** A full subtree: the `index`-th one of 2^`level` leaves. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** A full subtree with its root hash. */
export interface HashedNode extends TreeNode {
  readonly hash: TreeHash;
}

/** The hash of a leaf: SHA-256 of 0x00 and the leaf's bytes. */
export function hashLeaf(data: Uint8Array): TreeHash {
  return sha256Hex(Buffer.concat([Buffer.of(0), data]));
}

/** The hash of a node: SHA-256 of 0x01 and both children's hashes. */
export function nodeHash(left: TreeHash, right: TreeHash): TreeHash {
  return sha256Hex(Buffer.concat([Buffer.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex')]));
}

/** The tree without leaves. */
export function emptyRange(): CompactRange {
  return { size: 0, hashes: [] };
}

/**
 * The tree with one leaf more, and the full subtrees that the leaf completed, itself first: as many are joined as
 * `size` has ones at its end.
 *
 * @throws CountersignError `integrity` for a range whose hashes do not fit its size.
 */
export function growRange(
  range: CompactRange,
  leaf: TreeHash,
): { readonly range: CompactRange; readonly nodes: readonly HashedNode[] } {
  demandWhole(range);
  const hashes = [...range.hashes];
  const nodes: HashedNode[] = [{ level: 0, index: range.size, hash: leaf }];
  let joined = leaf;
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2) {
    for (const left of hashes.splice(-1)) joined = nodeHash(left, joined);
    nodes.push({ level: nodes.length, index: (size - 1) / 2, hash: joined });
  }
  return { range: { size: range.size + 1, hashes: [...hashes, joined] }, nodes };
}

/**
 * The tree's root hash; of the empty tree, the SHA-256 of nothing.
 *
 * @throws CountersignError `integrity` for a range whose hashes do not fit its size.
 */
export function rootOf(range: CompactRange): TreeHash {
  demandWhole(range);
  if (range.hashes.length === 0) return sha256Hex('');
  return range.hashes.reduceRight((right, left) => nodeHash(left, right));
}

function demandWhole({ size, hashes }: CompactRange): void {
  if (hashes.length === fullSubtrees(size)) return;
  throw new CountersignError(
    'integrity',
    `a tree of ${size} leaves has ${fullSubtrees(size)} full subtrees, found ${hashes.length} hashes: the ledger's state is damaged`,
  );
}

/** Numbers over 2^31 rule out bitwise operators. */
function fullSubtrees(size: number): number {
  return [...size.toString(2)].filter((bit) => bit === '1').length;
}
