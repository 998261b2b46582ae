import { invalidInput } from '../../domain/index.ts';
import { nodeHash, type TreeHash, type TreeNode } from './merkle.ts';
import type { ReadNodes } from './proof.ts';

/** Hashes in a full tile, and entries in a full bundle. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const MAX_ENTRY = 0xffff;

/** A tile of a log (C2SP tlog-tiles): up to 256 hashes of one level of the tree, or as many entries. */
export interface Tile {
  /** 0 has the leaves' hashes, each further one the hashes of full tiles of the one below. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 256 in a full tile. */
  readonly width: number;
}

/** The address of a tile under the log's prefix: `tile/0/x001/234`, with `.p/17` where it is partial. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;
const DEEPEST = 63;

/** The tile at an address, of which there is one spelling each; null for everything else. */
export function parseTilePath(path: string): Tile | null {
  const [, level, name, width] = PATH.exec(path) ?? [];
  if (level === undefined || name === undefined) return null;
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(name.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const fits = tile.level === 'entries' || tile.level <= DEEPEST;
  return fits && Number.isSafeInteger(tile.index) && tilePath(tile) === path ? tile : null;
}

/** Every tile of the tree of one size that the tree of a smaller one lacks, lowest level first. */
export function newTiles(from: number, to: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; count(to, level) > 0; level++) {
    const kinds = level === 0 ? (['entries', 0] as const) : ([level] as const);
    for (const tile of tilesBetween(count(from, level), count(to, level)))
      tiles.push(...kinds.map((kind) => ({ level: kind, ...tile })));
  }
  return tiles;
}

function tilesBetween(from: number, to: number): Omit<Tile, 'level'>[] {
  if (from === to) return [];
  const first = Math.floor(from / TILE_WIDTH);
  const last = Math.ceil(to / TILE_WIDTH);
  return Array.from({ length: last - first }, (_, at) => {
    const index = first + at;
    return { index, width: Math.min(TILE_WIDTH, to - index * TILE_WIDTH) };
  });
}

/** Whether the tree of some size has a tile, full or partial. */
export function hasTile(size: number, { level, index, width }: Tile): boolean {
  return index * TILE_WIDTH + width <= count(size, level === 'entries' ? 0 : level);
}

/** Hashes of a level in the tree of some size. */
function count(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The nodes whose hashes a tile holds. */
export function tileNodes({ level, index, width }: Tile & { readonly level: number }): TreeNode[] {
  return Array.from({ length: width }, (_, at) => ({
    level: level * TILE_HEIGHT,
    index: index * TILE_WIDTH + at,
  }));
}

/** A tile's bytes: its hashes one after the other. */
export function tileBytes(hashes: readonly TreeHash[]): Buffer {
  return Buffer.from(hashes.join(''), 'hex');
}

/** The hashes in a tile's bytes; what is left of a last one that is cut off is dropped. */
function tileHashes(bytes: Uint8Array): TreeHash[] {
  const hex = Buffer.from(bytes).toString('hex');
  return hex.match(/[0-9a-f]{64}/g) ?? [];
}

/**
 * An entry bundle's bytes: each entry after its length in two bytes, the greater first.
 *
 * @throws CountersignError `invalid_input` for an entry of more than 65,535 bytes
 */
export function entryBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY)
        throw invalidInput('an entry bundle', [{ where: 'entry', message: `it has ${entry.length} bytes` }]);
      return [Buffer.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/**
 * Reads nodes from tiles, each tile once.
 *
 * @param size of a tree whose tiles are all there
 * @param readTile the bytes of a tile of that tree
 */
export function nodesInTiles(size: number, readTile: (tile: Tile) => Promise<Uint8Array>): ReadNodes {
  const read = new Map<string, Promise<TreeHash[]>>();
  const hashesOf = (tile: Tile) => {
    const path = tilePath(tile);
    const hashes = read.get(path) ?? readTile(tile).then(tileHashes);
    read.set(path, hashes);
    return hashes;
  };
  return (nodes) =>
    Promise.all(
      nodes.map(async ({ level, index }) => {
        const tileLevel = Math.floor(level / TILE_HEIGHT);
        const span = 2 ** (level - tileLevel * TILE_HEIGHT);
        const first = index * span;
        const tile = { level: tileLevel, index: Math.floor(first / TILE_WIDTH) };
        const width = Math.min(TILE_WIDTH, count(size, tileLevel) - tile.index * TILE_WIDTH);
        const hashes = await hashesOf({ ...tile, width });
        return joined(hashes.slice(first % TILE_WIDTH, (first % TILE_WIDTH) + span), span);
      }),
    );
}

/** The hash of a full subtree, from its leaves' hashes. */
function joined(hashes: readonly TreeHash[], expected: number): TreeHash {
  const [only] = hashes;
  if (hashes.length !== expected || only === undefined)
    throw invalidInput('the tiles of the ledger', [{ where: 'tile', message: 'it lacks hashes' }]);
  if (expected === 1) return only;
  const half = expected / 2;
  return nodeHash(joined(hashes.slice(0, half), half), joined(hashes.slice(half), half));
}
