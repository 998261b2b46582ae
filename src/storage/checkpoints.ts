import type { Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A checkpoint that is to be published, or was. */
export interface QueuedCheckpoint {
  readonly treeSize: number;
  readonly note: string;
  readonly queuedAt: Instant;
}

/** Notes that a checkpoint is published from now on; false for one that was noted before. */
export async function insertCheckpoint(
  tx: Tx,
  { treeSize, note, queuedAt }: QueuedCheckpoint,
): Promise<boolean> {
  const row = await tx
    .insertInto('checkpoints')
    .values({ tree_size: treeSize, note, queued_at: queuedAt })
    .onConflict((oc) => oc.doNothing())
    .returning('tree_size')
    .executeTakeFirst();
  return row !== undefined;
}

/** The newest checkpoint up to a size and a time; null before the first. */
export async function newestCheckpoint(
  db: Db,
  upTo: Pick<QueuedCheckpoint, 'treeSize' | 'queuedAt'>,
): Promise<QueuedCheckpoint | null> {
  const row = await db
    .selectFrom('checkpoints')
    .select(['tree_size as treeSize', 'note', 'queued_at as queuedAt'])
    .where('tree_size', '<=', upTo.treeSize)
    .where('queued_at', '<=', upTo.queuedAt)
    .orderBy('tree_size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The checkpoint of a size; null where none was to be published. */
export async function findCheckpoint(db: Db, treeSize: number): Promise<QueuedCheckpoint | null> {
  const row = await db
    .selectFrom('checkpoints')
    .select(['tree_size as treeSize', 'note', 'queued_at as queuedAt'])
    .where('tree_size', '=', treeSize)
    .executeTakeFirst();
  return row ?? null;
}
