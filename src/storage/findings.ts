import { sql } from 'kysely';
import type { Alert, Finding, Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A finding with its life so far; the id names this one occurrence. */
export interface FindingRow extends Alert {
  readonly id: number;
}

/** Opens a finding unless it is firing already; returns the new occurrence's id, or null. */
export async function fireFinding(tx: Tx, finding: Finding, at: Instant): Promise<number | null> {
  const row = await tx
    .insertInto('findings')
    .values({
      key: finding.key,
      kind: finding.kind,
      severity: finding.severity,
      state: 'firing',
      finding: JSON.stringify(finding),
      fired_at: at,
      resolved_at: null,
    })
    .onConflict((oc) => oc.column('key').where('state', '=', 'firing').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Replaces what a firing finding says. */
export async function refreshFinding(tx: Tx, id: number, finding: Finding): Promise<void> {
  await tx
    .updateTable('findings')
    .set({ finding: JSON.stringify(finding), severity: finding.severity })
    .where('id', '=', id)
    .where('state', '=', 'firing')
    .execute();
}

/** Ends an occurrence that is firing; one that has ended keeps its time. */
export async function resolveFinding(tx: Tx, id: number, at: Instant): Promise<void> {
  await tx
    .updateTable('findings')
    .set({ state: 'resolved', resolved_at: at })
    .where('id', '=', id)
    .where('state', '=', 'firing')
    .execute();
}

/** Everything that fires, oldest first, however much it is. */
export async function firingFindings(db: Db): Promise<FindingRow[]> {
  const rows = await db
    .selectFrom('findings')
    .selectAll()
    .where('state', '=', 'firing')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Ids of what fires, was never posted, and has no delivery that is still to be made. */
export async function untoldFindings(db: Db): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from findings where state = 'firing'
      and not exists (select 1 from postings where kind = 'alert' and about = findings.id::text)
      and not exists (select 1 from outbox where completed_at is null and name = 'deliver-finding'
        and payload ->> 'findingId' = findings.id::text)
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Findings, the newest first, 500 at most unless told otherwise. */
export async function listFindings(
  db: Db,
  filter: { state?: 'firing' | 'resolved'; modelId?: string; limit?: number } = {},
): Promise<FindingRow[]> {
  let query = db
    .selectFrom('findings')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit ?? 500);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.modelId !== undefined) query = query.where(sql`finding ->> 'modelId'`, '=', filter.modelId);
  return (await query.execute()).map(fromRow);
}

/** One occurrence of a finding; null when there is none. */
export async function findFinding(db: Db, id: number): Promise<FindingRow | null> {
  const row = await db.selectFrom('findings').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: {
  id: number;
  state: 'firing' | 'resolved';
  finding: Finding;
  fired_at: Instant;
  resolved_at: Instant | null;
}): FindingRow {
  return {
    id: row.id,
    finding: row.finding,
    state: row.state,
    firedAt: row.fired_at,
    resolvedAt: row.resolved_at,
  };
}
