import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

/** A named lock, held until it is released or its connection breaks: Postgres then gives it to whoever asks next. */
export interface HeldLock {
  /** The connection that holds the lock: once the lock is lost, whatever is tried on it fails. */
  readonly db: Db;
  release(): Promise<void>;
}

/** Takes a named lock on a connection of its own; null when another process holds it. */
export async function holdLock(db: Db, name: string): Promise<HeldLock | null> {
  const answer = Promise.withResolvers<Db | null>();
  const end = Promise.withResolvers<void>();
  const connection = db.connection().execute(async (own) => {
    const locked = await lock(own, name);
    answer.resolve(locked ? own : null);
    if (!locked) return;
    await end.promise;
    await unlock(own, name);
  });
  connection.catch(answer.reject);
  const own = await answer.promise;
  if (own === null) return null;
  const release = async () => {
    end.resolve();
    // A connection that broke has released the lock already.
    await connection.catch(() => undefined);
  };
  return { db: own, release };
}

/**
 * Probes make Postgres notice within a minute that a holder's machine is gone, and free the lock: by default that takes
 * hours.
 */
async function lock(db: Db, name: string): Promise<boolean> {
  await sql`select set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),
    set_config('tcp_keepalives_count', '3', false)`.execute(db);
  const { rows } = await sql<{
    locked: boolean;
  }>`select pg_try_advisory_lock(hashtextextended(${name}, 0)) as locked`.execute(db);
  return rows[0]?.locked === true;
}

async function unlock(db: Db, name: string): Promise<void> {
  await sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`.execute(db);
}

/** Waits for a named lock, which the transaction holds until it ends. */
export async function awaitLock(tx: Tx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

/**
 * Has those who end runs of one model version, or open their requests again, take turns until the transaction ends: each
 * then sees what the others made of older and newer runs. Take it before any row's lock.
 */
export async function holdModelVersion(
  tx: Tx,
  { modelId, modelVersion }: { readonly modelId: string; readonly modelVersion: string },
): Promise<void> {
  await awaitLock(tx, `model version ${JSON.stringify([modelId, modelVersion])}`);
}
