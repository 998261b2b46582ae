import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendLeaf,
  type CompactRange,
  emptyRange,
  leafHash,
  nodeHash,
  rootOf,
} from '../../src/attestation/index.ts';
import { hashLeaf } from '../../src/attestation/merkle.ts';
import { CountersignError, type StatementId } from '../../src/domain/index.ts';

/** Leaves and roots of the Certificate Transparency reference tests (RFC 6962). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const sha256 = (...parts: Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The Merkle tree hash as RFC 6962 §2.1 defines it, over the whole list. */
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), first);
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

const grow = (leaves: readonly Uint8Array[]): CompactRange =>
  leaves.reduce<CompactRange>((range, leaf) => appendLeaf(range, hashLeaf(leaf)), emptyRange());

describe('the Merkle tree', () => {
  it('has the reference roots', () => {
    const leaves = LEAVES.map((hex) => Buffer.from(hex, 'hex'));
    expect(leaves.map((_leaf, index) => rootOf(grow(leaves.slice(0, index + 1))))).toEqual(ROOTS);
  });

  it('has the hash of nothing as its root while empty', () => {
    expect(rootOf(emptyRange())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('has the root that RFC 6962 defines, at every size', () => {
    const anyLeaves = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 130 });
    fc.assert(
      fc.property(anyLeaves, (leaves) => {
        expect(rootOf(grow(leaves))).toBe(treeHash(leaves).toString('hex'));
      }),
    );
  });

  it('takes a statement id as its 32 raw bytes', () => {
    const id = '0f'.repeat(32) as StatementId;
    expect(leafHash(id)).toBe(sha256(Buffer.of(0), Buffer.alloc(32, 0x0f)).toString('hex'));
    expect(leafHash(id)).not.toBe(hashLeaf(Buffer.from(id)));
  });

  it('tells leaves from nodes', () => {
    const [left, right] = [hashLeaf(Buffer.of(1)), hashLeaf(Buffer.of(2))];
    const both = Buffer.from(left + right, 'hex');
    expect(nodeHash(left, right)).toBe(sha256(Buffer.of(1), both).toString('hex'));
    expect(nodeHash(left, right)).not.toBe(hashLeaf(both));
    expect(nodeHash(left, right)).not.toBe(nodeHash(right, left));
  });

  it('is plain JSON, and goes on from it', () => {
    const range = grow(LEAVES.slice(0, 7).map((hex) => Buffer.from(hex, 'hex')));
    const kept: CompactRange = JSON.parse(JSON.stringify(range));
    expect(kept).toEqual(range);
    expect(rootOf(appendLeaf(kept, hashLeaf(Buffer.from(LEAVES[7] ?? '', 'hex'))))).toBe(ROOTS[7]);
  });

  it('keeps as many hashes as its size has bits, far beyond 32 of them', () => {
    const hash = hashLeaf(Buffer.of(0));
    const size = 2 ** 40 + 1;
    const grown = appendLeaf({ size, hashes: [hash, hash] }, hash);
    expect(grown).toEqual({ size: size + 1, hashes: [hash, nodeHash(hash, hash)] });
    expect(appendLeaf({ size: 2 ** 40 - 1, hashes: Array(40).fill(hash) }, hash).hashes).toHaveLength(1);
  });

  it('does not touch the range it is given', () => {
    const range = grow([Buffer.of(1), Buffer.of(2), Buffer.of(3)]);
    const before = structuredClone(range);
    appendLeaf(range, hashLeaf(Buffer.of(4)));
    expect(range).toEqual(before);
  });

  it.each([
    [{ size: 3, hashes: [] }],
    [{ size: 0, hashes: [ROOTS[0] ?? ''] }],
    [{ size: 4, hashes: [ROOTS[0] ?? '', ROOTS[1] ?? ''] }],
  ])('refuses a damaged state: %j', (range) => {
    for (const use of [() => rootOf(range), () => appendLeaf(range, ROOTS[0] ?? '')]) {
      expect(use).toThrow(CountersignError);
      expect(use).toThrow(/damaged/);
    }
  });
});
