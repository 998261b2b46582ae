import {
  type Checkpoint,
  newTiles,
  nodesInTiles,
  proveConsistency,
  provesConsistency,
  type ReadNodes,
  readCheckpoint,
  type TreeHead,
  tilePath,
} from '../attestation/index.ts';
import { CountersignError } from '../domain/index.ts';
import { CHECKPOINT, type LogFolder } from '../evidence/index.ts';
import { type Db, nodesIn } from '../storage/index.ts';
import { tileIn } from './read-tile.ts';

/** What a folder outside of the database holds of the ledger. */
export interface LogCopy {
  readonly checkpoint: Checkpoint;
  readonly nodes: ReadNodes;
}

/**
 * Reads a copy; null where there is none yet.
 *
 * @throws CountersignError `integrity` for one that is damaged, or of another ledger
 */
export async function readCopy(folder: LogFolder, origin: string): Promise<LogCopy | null> {
  const note = await folder.read(CHECKPOINT);
  if (note === null) return null;
  const checkpoint = readCheckpoint(note.toString());
  if (checkpoint?.origin !== origin)
    throw new CountersignError(
      'integrity',
      `the copy of the ledger in ${folder.path} is ${checkpoint === null ? 'damaged' : `of another ledger, ${checkpoint.origin}`}`,
    );
  const nodes = nodesInTiles(
    checkpoint.treeSize,
    async (tile) => (await folder.read(tilePath(tile))) ?? NONE,
  );
  return { checkpoint, nodes };
}

const NONE = Buffer.alloc(0);

/** Whether the ledger's tree of one head grew from that of another. */
export async function isGrownFrom(db: Db, from: TreeHead, to: TreeHead): Promise<boolean> {
  if (from.treeSize > to.treeSize) return false;
  try {
    return provesConsistency(from, to, await proveConsistency(from.treeSize, to.treeSize, nodesIn(db)));
  } catch (error) {
    // A tree that lacks nodes proves nothing.
    if (error instanceof CountersignError && error.code === 'integrity') return false;
    throw error;
  }
}

/** Brings a copy up to a checkpoint: first what it says, then itself, so that a copy cut short is only an older one. */
export async function extendCopy(db: Db, folder: LogFolder, note: string): Promise<void> {
  const checkpoint = readCheckpoint(note);
  if (checkpoint === null) throw new CountersignError('internal', 'what was signed is no checkpoint');
  const { origin, treeSize } = checkpoint;
  const standing = (await readCopy(folder, origin))?.checkpoint ?? null;
  if (standing !== null && standing.treeSize >= treeSize) return;
  if (standing !== null && !(await isGrownFrom(db, standing, checkpoint)))
    throw new CountersignError(
      'integrity',
      `the ledger does not extend its copy in ${folder.path}, which stays as it is`,
    );
  const copied = standing?.treeSize ?? 0;
  for (const tile of newTiles(copied, treeSize)) await folder.write(tilePath(tile), await tileIn(db, tile));
  await folder.write(CHECKPOINT, Buffer.from(note));
}
