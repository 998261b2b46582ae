import { sql } from 'kysely';
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

/** Seconds from training to first being seen deployed, per model version that has both. */
export async function trainingToProduction(db: Db): Promise<number[]> {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from min(d.first_seen_at) - max(r.trained_at))::float8 as seconds
    from deployments d join runs r on r.artifact_digest = d.digest and r.model_id = d.model_id and r.model_version = d.model_version
    where r.trained_at is not null and d.status = 'governed' group by d.model_id, d.model_version`.execute(
    db,
  );
  return rows.map(({ seconds }) => seconds);
}
