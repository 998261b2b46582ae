import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyRange,
  growRange,
  type HashedNode,
  newTiles,
  nodesInTiles,
  proveConsistency,
  proveInclusion,
  provesConsistency,
  provesInclusion,
  type ReadNodes,
  readRange,
  rootOf,
  tileBytes,
  tileNodes,
  tilePath,
} from '../../../src/attestation/index.ts';
import { hashLeaf } from '../../../src/attestation/ledger/merkle.ts';
import { LEAVES, ROOTS, rootByInclusion, rootsByConsistency, treeHash } from './reference.ts';

const bytes = LEAVES.map((hex) => Buffer.from(hex, 'hex'));
const buffers = (hashes: readonly string[]) => hashes.map((hash) => Buffer.from(hash, 'hex'));
const head = (leaves: readonly Uint8Array[]) => ({
  treeSize: leaves.length,
  root: treeHash(leaves).toString('hex'),
});

/** Every full subtree of a tree, as a database keeps them. */
function stored(leaves: readonly Uint8Array[]): ReadNodes {
  const nodes = new Map<string, string>();
  const keep = ({ level, index, hash }: HashedNode) => nodes.set(`${level}/${index}`, hash);
  leaves.reduce((range, leaf) => {
    const grown = growRange(range, hashLeaf(leaf));
    grown.nodes.forEach(keep);
    return grown.range;
  }, emptyRange());
  return async (wanted) =>
    wanted.map(({ level, index }) => nodes.get(`${level}/${index}`) ?? `no ${level}/${index}`);
}

const numbered = (size: number) => Array.from({ length: size }, (_, n) => Buffer.from(String(n)));
const SIZES = fc
  .integer({ min: 1, max: 600 })
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

describe('a proof of inclusion', () => {
  it.each([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('is the reference one for leaf %i of %i', async (index, size, expected) => {
    expect(await proveInclusion(index, size, stored(bytes))).toEqual(expected);
  });

  it('proves each leaf of each size, to our verifier and to one written from the RFC', async () => {
    const leaves = numbered(600);
    const read = stored(leaves);
    await fc.assert(
      fc.asyncProperty(SIZES, async ([size, index]) => {
        const tree = head(leaves.slice(0, size));
        const proof = await proveInclusion(index, size, read);
        const leaf = leaves[index] ?? Buffer.alloc(0);
        expect(rootByInclusion(leaf, index, size, buffers(proof))?.toString('hex')).toBe(tree.root);
        expect(provesInclusion({ index, hash: hashLeaf(leaf) }, proof, tree)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('proves nothing else: no other index, size, leaf, hash or length', async () => {
    const read = stored(bytes);
    for (let size = 1; size <= bytes.length; size++)
      for (let index = 0; index < size; index++) {
        const proof = await proveInclusion(index, size, read);
        const tree = { treeSize: size, root: ROOTS[size - 1] ?? '' };
        const leaf = { index, hash: hashLeaf(bytes[index] ?? Buffer.alloc(0)) };
        const other = hashLeaf(Buffer.from('other'));
        expect(provesInclusion(leaf, proof, tree)).toBe(true);
        for (const wrong of [-1, 0.5, size, ...[...bytes.keys()].filter((at) => at !== index)])
          expect(provesInclusion({ ...leaf, index: wrong }, proof, tree)).toBe(false);
        expect(provesInclusion({ ...leaf, hash: other }, proof, tree)).toBe(false);
        expect(provesInclusion(leaf, [...proof, other], tree)).toBe(false);
        expect(provesInclusion(leaf, proof, { ...tree, root: other })).toBe(false);
        proof.forEach((_, at) => {
          expect(provesInclusion(leaf, proof.with(at, other), tree)).toBe(false);
          expect(provesInclusion(leaf, proof.toSpliced(at, 1), tree)).toBe(false);
        });
      }
  });
});

describe('a proof of consistency', () => {
  it.each([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('is the reference one from %i to %i', async (from, to, expected) => {
    expect(await proveConsistency(from, to, stored(bytes))).toEqual(expected);
  });

  it('proves growth between any two sizes, to our verifier and to one written from the RFC', async () => {
    const leaves = numbered(600);
    const read = stored(leaves);
    await fc.assert(
      fc.asyncProperty(SIZES, async ([to, before]) => {
        const from = before + 1;
        const [older, newer] = [head(leaves.slice(0, from)), head(leaves.slice(0, to))];
        const proof = await proveConsistency(from, to, read);
        const known = Buffer.from(older.root, 'hex');
        const roots = rootsByConsistency(from, to, buffers(proof), known);
        expect(roots?.older.toString('hex')).toBe(older.root);
        expect(roots?.newer.toString('hex')).toBe(newer.root);
        expect(provesConsistency(older, newer, proof)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('proves nothing else: no fork, no shrinking, no other hash or length', async () => {
    const read = stored(bytes);
    const other = hashLeaf(Buffer.from('other'));
    for (let to = 1; to <= bytes.length; to++)
      for (let from = 1; from <= to; from++) {
        const [older, newer] = [head(bytes.slice(0, from)), head(bytes.slice(0, to))];
        const proof = await proveConsistency(from, to, read);
        expect(provesConsistency(older, newer, proof)).toBe(true);
        expect(provesConsistency({ ...older, root: other }, newer, proof)).toBe(false);
        expect(provesConsistency(older, { ...newer, root: other }, proof)).toBe(false);
        expect(provesConsistency(older, newer, [...proof, other])).toBe(false);
        if (from < to) expect(provesConsistency(newer, older, proof)).toBe(false);
        proof.forEach((_, at) => {
          expect(provesConsistency(older, newer, proof.with(at, other))).toBe(false);
          expect(provesConsistency(older, newer, proof.toSpliced(at, 1))).toBe(false);
        });
      }
  });

  it('grows from nothing to anything', () => {
    const nothing = { treeSize: 0, root: rootOf(emptyRange()) };
    expect(provesConsistency(nothing, head(bytes), [])).toBe(true);
  });
});

describe('tiles', () => {
  it('hold every node of a tree of three levels of tiles, full and partial', async () => {
    const size = 66_000;
    const read = stored(numbered(size));
    const published = new Map<string, Buffer>();
    for (const tile of [...newTiles(0, 300), ...newTiles(300, 65_536), ...newTiles(65_536, size)]) {
      if (tile.level === 'entries') continue;
      const nodes = tileNodes({ ...tile, level: tile.level });
      published.set(tilePath(tile), tileBytes(await read(nodes)));
    }
    expect([...published.keys()].filter((path) => path.startsWith('tile/2'))).toEqual(['tile/2/000.p/1']);
    expect(published.get('tile/0/000')).toHaveLength(8192);
    expect(published.get('tile/0/000.p/44')).toBeUndefined();
    expect(published.get('tile/0/001.p/44')).toHaveLength(44 * 32);
    const fromTiles = nodesInTiles(size, async (tile) => published.get(tilePath(tile)) ?? Buffer.alloc(0));
    for (const index of [0, 255, 256, 65_535, 65_536, size - 1])
      expect(await proveInclusion(index, size, fromTiles)).toEqual(await proveInclusion(index, size, read));
    expect(await readRange(size, fromTiles)).toEqual(await readRange(size, read));
  });
});
