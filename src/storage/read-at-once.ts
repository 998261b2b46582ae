import type { Db, Tx } from './database.ts';

/** Reads while others write: everything that is read belongs to one instant. */
export async function readAtOnce<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}
