import { createHash } from 'node:crypto';

/** Leaves and roots of the Certificate Transparency reference tests (RFC 6962). */
export const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
export const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const sha256 = (...parts: readonly Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

const splitOf = (size: number) => 2 ** Math.ceil(Math.log2(size) - 1);

/** The Merkle tree hash as RFC 6962 §2.1 defines it, over the whole list. */
export function treeHash(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), first);
  const split = splitOf(leaves.length);
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** What a proof of inclusion says the root is: RFC 6962 §2.1.1 read backwards, from the root down. */
export function rootByInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Buffer[],
): Buffer | null {
  if (size === 1) return proof.length === 0 ? sha256(Buffer.of(0), leaf) : null;
  const split = splitOf(size);
  const last = proof.at(-1);
  const rest = proof.slice(0, -1);
  if (last === undefined) return null;
  const isLeft = index < split;
  const below = isLeft
    ? rootByInclusion(leaf, index, split, rest)
    : rootByInclusion(leaf, index - split, size - split, rest);
  if (below === null) return null;
  return isLeft ? sha256(Buffer.of(1), below, last) : sha256(Buffer.of(1), last, below);
}

/** What a proof of consistency says both roots are: RFC 6962 §2.1.2 read backwards. */
export function rootsByConsistency(
  from: number,
  size: number,
  proof: readonly Buffer[],
  known: Buffer | null,
): { older: Buffer; newer: Buffer } | null {
  if (from === size) {
    const [root = known, ...more] = proof;
    const isFit = root !== null && more.length === 0 && (known === null) === (proof.length === 1);
    return isFit ? { older: root, newer: root } : null;
  }
  const split = splitOf(size);
  const last = proof.at(-1);
  const rest = proof.slice(0, -1);
  if (last === undefined) return null;
  if (from <= split) {
    const below = rootsByConsistency(from, split, rest, known);
    return below && { older: below.older, newer: sha256(Buffer.of(1), below.newer, last) };
  }
  const below = rootsByConsistency(from - split, size - split, rest, null);
  return (
    below && {
      older: sha256(Buffer.of(1), last, below.older),
      newer: sha256(Buffer.of(1), last, below.newer),
    }
  );
}
