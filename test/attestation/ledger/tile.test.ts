import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  entryBundle,
  leafBytes,
  leafHash,
  newTiles,
  parseTilePath,
  readLeaf,
  tilePath,
} from '../../../src/attestation/index.ts';
import { hashLeaf } from '../../../src/attestation/ledger/merkle.ts';
import type { KeyId, StatementId } from '../../../src/domain/index.ts';

describe('tilePath', () => {
  it.each([
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 3, index: 0, width: 1 }, 'tile/3/000.p/1'],
    [{ level: 'entries', index: 999, width: 255 }, 'tile/entries/999.p/255'],
    [{ level: 'entries', index: 1000, width: 256 }, 'tile/entries/x001/000'],
  ] as const)('writes %j as the specification does', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it('is read back, whatever the tile', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const tile = fc.record({
      level,
      index: fc.integer({ min: 0, max: 2 ** 40 }),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(fc.property(tile, (any) => void expect(parseTilePath(tilePath(any))).toEqual(any)));
  });

  it.each([
    'tile/0/0',
    'tile/0/1000',
    'tile/0/x000/001',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/01',
    'tile/0/001.p/',
    'tile/data/001',
    'tile/0/../001',
    'tile/0/001/',
    'tile/0/x999/x999/x999/x999/x999/999',
    '',
  ])('takes no other spelling: %s', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });
});

describe('newTiles', () => {
  it('names what a tree of 70,000 has', () => {
    const tiles = newTiles(0, 70_000);
    const at = (level: number | 'entries') => tiles.filter((tile) => tile.level === level);
    expect([at('entries').length, at(0).length, at(1).length, at(2).length]).toEqual([274, 274, 2, 1]);
    expect(at(0).at(-1)).toEqual({ level: 0, index: 273, width: 112 });
    expect(at(1).at(-1)).toEqual({ level: 1, index: 1, width: 17 });
    expect(at(2)).toEqual([{ level: 2, index: 0, width: 1 }]);
  });

  it('names only what growth changed', () => {
    expect(newTiles(255, 256).map(tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect(newTiles(256, 257).map(tilePath)).toEqual(['tile/entries/001.p/1', 'tile/0/001.p/1']);
    expect(newTiles(256, 256)).toEqual([]);
  });
});

describe('a leaf', () => {
  const entry = {
    id: '0f'.repeat(32) as StatementId,
    keyId: 'pN6yxbVmH4gWmO7mmMFUs0XeJ3DYvG8yRSFkZ4oP7oU=' as KeyId,
    recordedAt: '2026-11-23T09:00:00.000Z',
  };

  it('says which statement the ledger holds, whose signature, and since when', () => {
    const text = `{"id":"${entry.id}","keyId":"${entry.keyId}","recordedAt":"${entry.recordedAt}"}`;
    expect(leafBytes({ ...entry, index: 7 } as never).toString()).toBe(text);
    expect(leafHash(entry)).toBe(hashLeaf(Buffer.from(text)));
    expect(readLeaf(Buffer.from(text))).toEqual(entry);
  });

  it.each([' {}', '{"id":1}', 'x', ''])('is nothing else: %s', (text) => {
    expect(readLeaf(Buffer.from(text))).toBeNull();
  });
});

describe('entryBundle', () => {
  it('puts the length of each entry before it, the greater byte first', () => {
    const bundle = entryBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258, 7)]);
    expect(bundle.subarray(0, 6).toString('hex')).toBe('000261620000');
    expect(bundle.subarray(6, 9).toString('hex')).toBe('010207');
    expect(() => entryBundle([Buffer.alloc(65_536)])).toThrow(/65536/);
  });
});
