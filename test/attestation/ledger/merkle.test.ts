import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompactRange, emptyRange, growRange, rootOf } from '../../../src/attestation/index.ts';
import { hashLeaf, nodeHash } from '../../../src/attestation/ledger/merkle.ts';
import { CountersignError } from '../../../src/domain/index.ts';
import { LEAVES, ROOTS, treeHash } from './reference.ts';

const sha256 = (...parts: Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

const grow = (leaves: readonly Uint8Array[]): CompactRange =>
  leaves.reduce<CompactRange>((range, leaf) => growRange(range, hashLeaf(leaf)).range, emptyRange());

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
    expect(rootOf(growRange(kept, hashLeaf(Buffer.from(LEAVES[7] ?? '', 'hex'))).range)).toBe(ROOTS[7]);
  });

  it('keeps as many hashes as its size has bits, far beyond 32 of them', () => {
    const hash = hashLeaf(Buffer.of(0));
    const size = 2 ** 40 + 1;
    const grown = growRange({ size, hashes: [hash, hash] }, hash);
    expect(grown.range).toEqual({ size: size + 1, hashes: [hash, nodeHash(hash, hash)] });
    expect(grown.nodes).toEqual([
      { level: 0, index: size, hash },
      { level: 1, index: 2 ** 39, hash: nodeHash(hash, hash) },
    ]);
    const full = growRange({ size: 2 ** 40 - 1, hashes: Array(40).fill(hash) }, hash);
    expect(full.range.hashes).toHaveLength(1);
    expect(full.nodes.at(-1)).toMatchObject({ level: 40, index: 0 });
  });

  it('does not touch the range it is given', () => {
    const range = grow([Buffer.of(1), Buffer.of(2), Buffer.of(3)]);
    const before = structuredClone(range);
    growRange(range, hashLeaf(Buffer.of(4)));
    expect(range).toEqual(before);
  });

  it.each([
    [{ size: 3, hashes: [] }],
    [{ size: 0, hashes: [ROOTS[0] ?? ''] }],
    [{ size: 4, hashes: [ROOTS[0] ?? '', ROOTS[1] ?? ''] }],
  ])('refuses a damaged state: %j', (range) => {
    for (const use of [() => rootOf(range), () => growRange(range, ROOTS[0] ?? '')]) {
      expect(use).toThrow(CountersignError);
      expect(use).toThrow(/damaged/);
    }
  });
});
