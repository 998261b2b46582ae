import { sql } from 'kysely';
import type { Instant, StatementId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A deployment whose traffic is, or was, blocked. */
export interface EnforcementRow {
  readonly id: number;
  readonly deployment: string;
  readonly finding: number;
  readonly dryRun: boolean;
  /** The statements that say so. */
  readonly block: StatementId;
  readonly release: StatementId | null;
  readonly blockedAt: Instant;
  readonly releasedAt: Instant | null;
}

/** Notes that a deployment is blocked from now on; returns the row's id. Its statement is in the ledger already. */
export async function insertEnforcement(
  tx: Tx,
  row: Pick<EnforcementRow, 'deployment' | 'finding' | 'dryRun' | 'block' | 'blockedAt'>,
): Promise<number> {
  const { deployment, finding, dryRun, block, blockedAt } = row;
  const { id } = await tx
    .insertInto('enforcements')
    .values({ deployment, finding, dry_run: dryRun, block, blocked_at: blockedAt })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Notes that a deployment is blocked no more. */
export async function endEnforcement(
  tx: Tx,
  id: number,
  { release, at }: { readonly release: StatementId; readonly at: Instant },
): Promise<void> {
  await tx.updateTable('enforcements').set({ release, released_at: at }).where('id', '=', id).execute();
}

/** Deployments that are blocked, dry runs too, oldest first. */
export async function standingEnforcements(db: Db): Promise<EnforcementRow[]> {
  const rows = await db
    .selectFrom('enforcements')
    .selectAll()
    .where('released_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** When deployments were blocked since an instant, dry runs left out. */
export async function blocksSince(db: Db, since: Instant): Promise<Instant[]> {
  const rows = await db
    .selectFrom('enforcements')
    .select('blocked_at')
    .where('blocked_at', '>', since)
    .where('dry_run', '=', false)
    .execute();
  return rows.map(({ blocked_at }) => blocked_at);
}

/** The newest enforcement of each of these findings that ever had one. */
export async function newestEnforcements(
  db: Db,
  findings: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ finding: number; id: number }>`select finding, max(id) as id from enforcements
    where finding = any(${[...findings]}::bigint[]) group by finding`.execute(db);
  return new Map(rows.map(({ finding, id }) => [finding, id]));
}

/** An enforcement with the bundle of its last statement, and whether its deployment was blocked anew since; null when there is none. */
export async function findEnforcement(
  db: Db,
  id: number,
): Promise<{ readonly row: EnforcementRow; readonly bundle: string; readonly isOutdated: boolean } | null> {
  const found = await db
    .selectFrom('enforcements')
    .innerJoin('ledger', (join) =>
      join.on('ledger.id', '=', sql<string>`coalesce(enforcements.release, enforcements.block)`),
    )
    .selectAll('enforcements')
    .select('ledger.bundle')
    .where('enforcements.id', '=', id)
    .executeTakeFirst();
  if (found === undefined) return null;
  const newer = await db
    .selectFrom('enforcements')
    .select('id')
    .where('deployment', '=', found.deployment)
    .where('id', '>', id)
    .where('dry_run', '=', false)
    .executeTakeFirst();
  return { row: fromRow(found), bundle: found.bundle, isOutdated: newer !== undefined };
}

function fromRow(row: {
  id: number;
  deployment: string;
  finding: number;
  dry_run: boolean;
  block: string;
  blocked_at: Instant;
  release: string | null;
  released_at: Instant | null;
}): EnforcementRow {
  return {
    id: row.id,
    deployment: row.deployment,
    finding: row.finding,
    dryRun: row.dry_run,
    block: row.block as StatementId,
    release: row.release as StatementId | null,
    blockedAt: row.blocked_at,
    releasedAt: row.released_at,
  };
}
