import { CountersignError, type StatementId } from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';

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

/** The hash of a leaf: SHA-256 of 0x00 and the statement id's 32 bytes. */
export function leafHash(id: StatementId): TreeHash {
  return hashLeaf(Buffer.from(id, 'hex'));
}

/** The hash of any leaf bytes: SHA-256 of 0x00 and the bytes. */
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
 * The tree with one leaf more: as many full subtrees are joined as `size` has ones at its end.
 *
 * @throws CountersignError `integrity` for a range whose hashes do not fit its size.
 */
export function appendLeaf(range: CompactRange, leaf: TreeHash): CompactRange {
  demandWhole(range);
  const hashes = [...range.hashes];
  let joined = leaf;
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2) {
    for (const left of hashes.splice(-1)) joined = nodeHash(left, joined);
  }
  return { size: range.size + 1, hashes: [...hashes, joined] };
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
