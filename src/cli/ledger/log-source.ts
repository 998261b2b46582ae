import { dirname, join } from 'node:path';
import { nodesInTiles, type ReadNodes, type Tile, tilePath } from '../../attestation/index.ts';
import { CountersignError } from '../../domain/index.ts';
import type { ApiClient } from '../client/api-client.ts';
import { readBytes, readTextFile } from '../input-file.ts';

/** Where a log can be read: a server, or a folder that it was published to. */
export interface LogSource {
  /** For people. */
  readonly name: string;
  /** Whether its head is the newest that there is; a copy may only be behind. */
  readonly isNewest: boolean;
  /** The newest checkpoint, a signed note. */
  checkpoint(): Promise<string>;
  /** Hashes of the tree of a size. */
  nodes(size: number): ReadNodes;
}

const LARGEST_TILE = { mostMib: 1 };

/** The log of a server. */
export function logOfServer(api: Pick<ApiClient, 'checkpoint' | 'tile'>, name: string): LogSource {
  return {
    ...{ name, isNewest: true },
    checkpoint: () => api.checkpoint(),
    nodes: (size) => nodesInTiles(size, (tile) => api.tile(tile)),
  };
}

/** A log as `ledger.publish.directories` has it. */
export function logInFolder(folder: string): LogSource {
  const read = (tile: Tile) => readBytes(join(folder, tilePath(tile)), LARGEST_TILE);
  return {
    ...{ name: folder, isNewest: false },
    checkpoint: () => readTextFile(join(folder, 'checkpoint'), LARGEST_TILE),
    nodes: (size) => nodesInTiles(size, read),
  };
}

/**
 * The tree of a checkpoint by the tiles that lie beside its file; null where they are not there.
 *
 * @param file the checkpoint's; `-` for one that lies nowhere
 */
export async function nodesBeside(file: string, size: number): Promise<ReadNodes | null> {
  if (file === '-' || size === 0) return null;
  const nodes = logInFolder(dirname(file)).nodes(size);
  try {
    await nodes([{ level: 0, index: size - 1 }]);
    return nodes;
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'invalid_input') return null;
    throw error;
  }
}
