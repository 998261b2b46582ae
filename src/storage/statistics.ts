import { type RawBuilder, sql } from 'kysely';
import { DURATION_BOUNDS, type Durations, type Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { isRunOf } from './governed-runs.ts';

/** Totals over all runs that ended, and failures of checks by stage. */
export interface RunStatistics {
  readonly total: number;
  readonly passed: number;
  readonly checkFailures: readonly { readonly stage: string; readonly count: number }[];
}

/**
 * Counts that only ever grow, read from the database so that they survive restarts. They are asked for at every tick, so
 * no row's documents are read.
 */
export async function runStatistics(db: Db): Promise<RunStatistics> {
  const ended = await db
    .selectFrom('runs')
    .where('state', 'in', ['completed', 'failed', 'awaiting_approval'])
    .select(sql<number>`count(*)`.as('total'))
    .executeTakeFirstOrThrow();
  // A run has a record from the moment on that its checks passed.
  const passed = await db
    .selectFrom('records')
    .select(sql<number>`count(*)`.as('passed'))
    .executeTakeFirstOrThrow();
  const checkFailures = await db
    .selectFrom('stage_results')
    .where('failed_checks', '>', 0)
    .groupBy('stage')
    .orderBy('stage')
    .select('stage')
    .select(sql<number>`sum(failed_checks)`.as('count'))
    .execute();
  return { ...ended, ...passed, checkFailures };
}

/**
 * Notes when model versions that are governed now were first seen in production: once for ever, so that what is counted
 * from it never falls when a deployment goes. A training said to have ended after that is left out: it makes no sense, and
 * nobody vouches for it.
 *
 * @param excused environments that are no production
 * @param keys deployments that may have come there
 */
export async function noteProductions(
  tx: Tx,
  excused: readonly string[],
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    insert into productions (model_id, model_version, first_seen_at, trained_at)
    select d.model_id, d.model_version, min(d.first_seen_at), max(runs.trained_at)
      from deployments d join runs
        on ${isRunOf(sql`d.digest`)} and runs.model_id = d.model_id and runs.model_version = d.model_version
      where d.key = any(${[...keys]}::text[]) and runs.trained_at is not null and d.status = 'governed' and d.environment <> all(${[...excused]}::text[])
        and not exists (select 1 from productions p where (p.model_id, p.model_version) = (d.model_id, d.model_version))
      group by d.model_id, d.model_version having max(runs.trained_at) <= min(d.first_seen_at)
    on conflict do nothing`.execute(tx);
}

/** From training to production, of each model version that was ever governed there and has both times. */
export async function trainingToProduction(db: Db): Promise<Durations> {
  return durationsIn(db, sql`select first_seen_at - trained_at as taken from productions`);
}

/** From asking to deciding, of each approval request that was decided. */
export async function approvalWaits(db: Db): Promise<Durations> {
  return durationsIn(
    db,
    sql`select decided_at - requested_at as taken from approval_requests where decided_at >= requested_at`,
  );
}

/** The database counts them, however many they are. */
async function durationsIn(db: Db, all: RawBuilder<unknown>): Promise<Durations> {
  const within = DURATION_BOUNDS.map(
    (bound) => sql`count(*) filter (where taken <= ${bound} * interval '1 second')`,
  );
  const { rows } = await sql<Durations>`
    select count(*)::int as count, coalesce(extract(epoch from sum(taken)), 0)::float8 as sum,
      array[${sql.join(within)}]::int[] as within
    from (${all}) as each_time`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new RangeError('the database answers nothing');
  return found;
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
