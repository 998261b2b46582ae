import { sql } from 'kysely';
import type { Instant, Principal } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { fromRow, type Run, type RunRow } from './runs.ts';

/** A run that was queued because a check had been wrong, and in whose place. */
export interface RerunRow {
  readonly runId: string;
  readonly ofRun: string;
  readonly check: string;
  /** The version of the check that the service had then. */
  readonly checkVersion: string;
  readonly since: Instant;
  readonly askedBy: Principal;
  readonly askedAt: Instant;
}

/** A run on which the governance of an artifact under a name rests, or failed. */
export interface StandingRun {
  readonly run: Run;
  /** A run of the same artifact and name that has not ended its checks; null where there is none. */
  readonly underWay: string | null;
}

/** Reruns take turns, until the transaction ends. */
export async function lockReruns(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('countersign reruns', 0))`.execute(tx);
}

/**
 * The newest standing run of each artifact under a name that has a governance record, where it used a check from a time
 * on; with `failed`, also those that failed while the check did not pass. Oldest first.
 */
export async function standingRuns(
  db: Db,
  { check, since, failed }: { readonly check: string; readonly since: Instant; readonly failed: boolean },
): Promise<StandingRun[]> {
  const { rows } = await sql<RunRow & { under_way: string | null }>`
    with standing as (
      select distinct on (runs.model_id, runs.model_version, runs.artifact_digest) runs.*
      from runs
      where runs.stands and (
        runs.state in ('completed', 'awaiting_approval')
        or (${failed} and runs.state = 'failed' and exists (
          select 1 from stage_results as found where found.run_id = runs.id and jsonb_path_exists(found.results,
            '$[*] ? (@.check == $check && @.outcome != "passed" && @.outcome != "not_applicable")',
            jsonb_build_object('check', ${check}::text)))))
      order by runs.model_id, runs.model_version, runs.artifact_digest, runs.submitted_at desc, runs.attempt desc)
    select standing.*, (
      select newer.id from runs as newer
      where newer.model_id = standing.model_id and newer.model_version = standing.model_version
        and newer.artifact_digest = standing.artifact_digest and newer.state in ('queued', 'running')
      order by newer.submitted_at desc limit 1) as under_way
    from standing
    where exists (
      select 1 from stage_results as used where used.run_id = standing.id
        and used.checks @> ${JSON.stringify([check])}::jsonb and used.performed_at >= ${since}::timestamptz)
    order by standing.submitted_at, standing.id`.execute(db);
  return rows.map(({ under_way, ...row }) => ({ run: fromRow(row), underWay: under_way }));
}

/** Notes what a run was queued for, and by whom it was asked for. */
export async function insertRerun(tx: Tx, rerun: RerunRow): Promise<void> {
  await tx
    .insertInto('reruns')
    .values({
      run_id: rerun.runId,
      of_run: rerun.ofRun,
      check_name: rerun.check,
      check_version: rerun.checkVersion,
      since: rerun.since,
      asked_by: JSON.stringify(rerun.askedBy),
      asked_at: rerun.askedAt,
    })
    .execute();
}

/** What was queued because a check, in one version, had been wrong before. */
export async function rerunsOf(db: Db, check: string, checkVersion: string): Promise<RerunRow[]> {
  const rows = await db
    .selectFrom('reruns')
    .selectAll()
    .where('check_name', '=', check)
    .where('check_version', '=', checkVersion)
    .execute();
  return rows.map((row) => ({
    runId: row.run_id,
    ofRun: row.of_run,
    check: row.check_name,
    checkVersion: row.check_version,
    since: row.since,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
  }));
}
