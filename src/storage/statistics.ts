import { sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** Totals over all runs that ended, and failures of checks by stage. */
export interface RunStatistics {
  readonly total: number;
  readonly passed: number;
  readonly checkFailures: readonly { readonly stage: string; readonly count: number }[];
}

/** Counts that only ever grow, read from the database so that they survive restarts. */
export async function runStatistics(db: Db): Promise<RunStatistics> {
  const ended = await db
    .selectFrom('runs')
    .where('state', 'in', ['completed', 'failed', 'awaiting_approval'])
    .select(sql<number>`count(*)`.as('total'))
    .select(
      sql<number>`count(*) filter (where exists (select 1 from records where records.run_id = runs.id))`.as(
        'passed',
      ),
    )
    .executeTakeFirstOrThrow();
  const failures = await sql<{ stage: string; count: number }>`
    select stage, count(*) as count from stage_results, jsonb_array_elements(results) as result
    where result ->> 'outcome' not in ('passed', 'not_applicable') group by stage order by stage`.execute(db);
  return { ...ended, checkFailures: failures.rows };
}

/**
 * Seconds from training to first being seen deployed, per governed model version that has both. A training said to have
 * ended after that is left out: it makes no sense, and nobody vouches for it.
 */
export async function trainingToProduction(db: Db): Promise<number[]> {
  const { rows } = await sql<{ seconds: number }>`
    select seconds from (
      select extract(epoch from min(d.first_seen_at) - max(r.trained_at))::float8 as seconds
      from deployments d join runs r
        on r.artifact_digest = d.digest and r.model_id = d.model_id and r.model_version = d.model_version
      where r.trained_at is not null and d.status = 'governed' group by d.model_id, d.model_version) as times
    where seconds >= 0 order by seconds`.execute(db);
  return rows.map(({ seconds }) => seconds);
}

/**
 * When the governance that runs led to was granted: the last approval where people approved, else the issue of the
 * record. By run id; runs without a record are not there.
 */
export async function approvalTimes(
  db: Db,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await db
    .selectFrom('records')
    .leftJoin('approval_requests', 'approval_requests.record', 'records.statement')
    .leftJoin('approval_decisions', (join) =>
      join
        .onRef('approval_decisions.request', '=', 'approval_requests.id')
        .on('approval_decisions.decision', '=', 'approved'),
    )
    .where(sql<boolean>`records.run_id = any(${[...runIds]}::text[])`)
    .groupBy(['records.run_id', 'records.issued_at'])
    .select('records.run_id')
    .select(sql<Instant>`coalesce(max(approval_decisions.decided_at), records.issued_at)`.as('at'))
    .execute();
  return new Map(rows.map(({ run_id, at }) => [run_id, at]));
}
