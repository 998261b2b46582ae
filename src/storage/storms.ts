import { sql } from 'kysely';
import type { FindingKind, Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { type FindingRow, findingFromRow } from './findings.ts';

/** Findings that are told in one message. */
export interface StormRow {
  readonly id: number;
  /** Null for several kinds. */
  readonly kind: FindingKind | null;
  readonly beganAt: Instant;
}

/** Notes that findings are told together; returns the storm's id. */
export async function insertStorm(
  tx: Tx,
  { kind, beganAt }: Omit<StormRow, 'id'>,
  findings: readonly number[],
): Promise<number> {
  const { id } = await tx
    .insertInto('storms')
    .values({ kind, began_at: beganAt })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('findings')
    .set({ storm: id })
    .where(sql<boolean>`id = any(${[...findings]}::bigint[])`)
    .execute();
  return id;
}

/** Has findings be told one by one from now on. */
export async function tellApart(tx: Tx, findings: readonly number[]): Promise<void> {
  if (findings.length === 0) return;
  await tx
    .updateTable('findings')
    .set({ apart: true })
    .where(sql<boolean>`id = any(${[...findings]}::bigint[])`)
    .execute();
}

/** A storm by its id; null when there is none. */
export async function findStorm(db: Db, id: number): Promise<StormRow | null> {
  const row = await db.selectFrom('storms').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : { id: row.id, kind: row.kind, beganAt: row.began_at };
}

/** All findings of a storm, those that are told apart by now too, oldest first. */
export async function findingsOfStorm(db: Db, storm: number): Promise<FindingRow[]> {
  const rows = await db.selectFrom('findings').selectAll().where('storm', '=', storm).orderBy('id').execute();
  return rows.map(findingFromRow);
}

/** What still fires of storms that began before an instant and is told in their messages only. */
export async function leftOfStorms(db: Db, before: Instant): Promise<FindingRow[]> {
  const rows = await db
    .selectFrom('findings')
    .innerJoin('storms', 'storms.id', 'findings.storm')
    .selectAll('findings')
    .where('findings.state', '=', 'firing')
    .where('findings.apart', '=', false)
    .where('storms.began_at', '<=', before)
    .orderBy('findings.id')
    .execute();
  return rows.map(findingFromRow);
}

/** How many findings with a message of their own fired since an instant. */
export async function toldSince(db: Db, since: Instant): Promise<number> {
  const { count } = await db
    .selectFrom('findings')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('fired_at', '>', since)
    .where('storm', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
