import {
  entryBundle,
  hasTile,
  leafBytes,
  parseTilePath,
  TILE_WIDTH,
  type Tile,
  tileBytes,
  tileNodes,
} from '../attestation/index.ts';
import { type Db, ledgerHead, nodesIn, readEntries } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** The bytes of a tile of the ledger; null for one that it does not have yet. */
export async function readTile({ db }: Pick<BaseContext, 'db'>, tile: Tile): Promise<Buffer | null> {
  const { treeSize } = await ledgerHead(db);
  return hasTile(treeSize, tile) ? tileIn(db, tile) : null;
}

/** The bytes of a tile that the ledger has. */
export async function tileIn(db: Db, { level, index, width }: Tile): Promise<Buffer> {
  if (level !== 'entries') return tileBytes(await nodesIn(db)(tileNodes({ level, index, width })));
  const from = index * TILE_WIDTH;
  const entries = await readEntries(db, from, from + width);
  return entryBundle(entries.map(leafBytes));
}

/** The tile that is served under an address: `/tile/0/000.p/17`; null for every other address. */
export function tileAt(address: string): Tile | null {
  return address.startsWith('/') ? parseTilePath(address.slice(1)) : null;
}
