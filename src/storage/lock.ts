import { sql } from 'kysely';
import { SECOND } from '../lib/index.ts';
import { type Db, pingDatabase, type Tx } from './database.ts';

/** A named lock, held until it is released or its connection breaks: Postgres then gives it to whoever asks next. */
export interface HeldLock {
  /**
   * The connection that holds the lock: once the lock is lost, whatever is tried on it fails. One at a time works on it, so
   * within one of its transactions nothing else may be asked of it.
   */
  readonly db: Db;
  release(): Promise<void>;
}

/** A holder of whom nothing is heard for so long, in milliseconds, has lost its lock: it may hang, or have been stopped. */
const LEASE = 30 * SECOND;

/** Takes a named lock on a connection of its own; null when another process holds it. */
export async function holdLock(db: Db, name: string, lease = LEASE): Promise<HeldLock | null> {
  const answer = Promise.withResolvers<Db | null>();
  const end = Promise.withResolvers<void>();
  const connection = db.connection().execute(async (own) => {
    const locked = await lock(own, name, lease);
    answer.resolve(locked ? own : null);
    if (!locked) return;
    await end.promise;
    await unlock(own, name);
  });
  connection.catch(answer.reject);
  const own = await answer.promise;
  if (own === null) return null;
  // It is heard of each quarter of the time: Postgres ends the connection of whoever is silent for all of it.
  const beat = setInterval(() => void pingDatabase(own).catch(() => undefined), lease / 4).unref();
  const release = async () => {
    clearInterval(beat);
    end.resolve();
    // A connection that broke has released the lock already.
    await connection.catch(() => undefined);
  };
  return { db: own, release };
}

/**
 * Probes make Postgres notice within a minute that a holder's machine is gone, and free the lock: by default that takes
 * hours. They do not tell of a process that hangs; its silence does.
 */
async function lock(db: Db, name: string, lease: number): Promise<boolean> {
  await sql`select set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),
    set_config('tcp_keepalives_count', '3', false)`.execute(db);
  const { rows } = await sql<{
    locked: boolean;
  }>`select pg_try_advisory_lock(hashtextextended(${name}, 0)) as locked`.execute(db);
  const locked = rows[0]?.locked === true;
  if (locked) await endSilence(db, `${lease}ms`);
  return locked;
}

async function unlock(db: Db, name: string): Promise<void> {
  await sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`.execute(db);
  await endSilence(db, '0');
}

async function endSilence(db: Db, after: string): Promise<void> {
  await sql`select set_config('idle_session_timeout', ${after}, false),
    set_config('idle_in_transaction_session_timeout', ${after}, false)`.execute(db);
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
