import { type Selectable, sql } from 'kysely';
import { CountersignError, type Instant, type KeyId, type StatementId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import type { ResignaturesTable } from './trust-tables.ts';

/** A further signature of a statement. */
export interface Resignature {
  readonly statement: StatementId;
  readonly keyId: KeyId;
  readonly bundle: string;
  readonly recordedAt: Instant;
}

/**
 * Puts another signature beside a statement of the ledger; one by the same key is kept as it is. The statement keeps
 * its place: its id, and with it its leaf, is that of the payload.
 *
 * @throws CountersignError `not_found` where the ledger does not hold the statement
 */
export async function appendResignature(tx: Tx, signature: Resignature): Promise<void> {
  const { statement: id, keyId, bundle, recordedAt } = signature;
  const place = await tx.selectFrom('ledger').select('index').where('id', '=', id).executeTakeFirst();
  if (place === undefined) throw new CountersignError('not_found', `the ledger holds no statement ${id}`);
  await tx
    .insertInto('resignatures')
    .values({ statement: id, key_id: keyId, bundle, recorded_at: recordedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The further signatures of some statements, oldest first. */
export async function resignaturesOf(db: Db, ids: readonly StatementId[]): Promise<Resignature[]> {
  if (ids.length === 0) return [];
  const rows = await resignatures(db)
    .where(sql<boolean>`statement = any(${[...ids]}::text[])`)
    .execute();
  return rows.map(toResignature);
}

/** Every further signature, oldest first: as many as were given again after keys were stolen, and so few. */
export async function allResignatures(db: Db): Promise<Resignature[]> {
  return (await resignatures(db).execute()).map(toResignature);
}

function resignatures(db: Db) {
  return db.selectFrom('resignatures').selectAll().orderBy('recorded_at').orderBy('key_id');
}

function toResignature(row: Selectable<ResignaturesTable>): Resignature {
  return {
    statement: row.statement as StatementId,
    keyId: row.key_id as KeyId,
    bundle: row.bundle,
    recordedAt: row.recorded_at,
  };
}
