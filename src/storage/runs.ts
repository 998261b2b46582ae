import { type Selectable, sql } from 'kysely';
import type {
  Artifact,
  CheckResult,
  Digest,
  Inputs,
  Instant,
  Outcome,
  Principal,
  RiskTier,
  StatementId,
} from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { type Said, stageResultColumns } from './derived/columns.ts';
import type { EvidenceItem, RunState, RunsTable } from './tables.ts';

/** One execution of a pipeline for an artifact. */
export interface Run {
  readonly id: string;
  /** Digest of all that makes submissions equal; with the attempt it names the run. */
  readonly submission: Digest;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: Artifact;
  readonly pipeline: Digest;
  readonly evidence: readonly EvidenceItem[];
  readonly inputs: Inputs;
  readonly submitter: Principal;
  readonly authors: readonly Principal[];
  readonly attempt: number;
  readonly state: RunState;
  readonly currentStage: string | null;
  readonly riskTier: RiskTier | null;
  readonly failure: string | null;
  /** False once a newer run took its place or nobody answered. */
  readonly stands: boolean;
  readonly trainedAt: Instant | null;
  /** Where the CI run can be seen that submitted it. */
  readonly ciUrl: string | null;
  /** What the submitter wants those who decide to know. */
  readonly note: string | null;
  /** Why nothing could look at the artifact's bytes; null where they are there. */
  readonly missingBytes: string | null;
  readonly submittedAt: Instant;
  readonly finishedAt: Instant | null;
  /** What proves that it is as it was queued; null for runs of releases that sealed none. */
  readonly seal: string | null;
}

/** What one stage of a run found, with the full reports. */
export interface StageResultRow {
  readonly stage: string;
  readonly statement: StatementId;
  readonly outcome: Outcome;
  readonly results: readonly CheckResult[];
  /** The sandbox in force while the checks ran. */
  readonly isolation: string;
  readonly performedAt: Instant;
}

/** Stores a new run. */
export async function insertRun(tx: Tx, run: Run): Promise<void> {
  await tx.insertInto('runs').values(toRow(run)).execute();
}

/** The latest attempt of a submission; null when there is none. Equal submissions take turns until the transaction ends. */
export async function latestAttempt(tx: Tx, submission: Digest): Promise<Run | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${submission}, 0))`.execute(tx);
  const row = await tx
    .selectFrom('runs')
    .selectAll()
    .where('submission', '=', submission)
    .orderBy('attempt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** A run by its id; null when there is none. */
export async function findRun(db: Db, id: string): Promise<Run | null> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Takes the run's row lock, so that its changes take turns. */
export async function lockRun(tx: Tx, id: string): Promise<Run | null> {
  const row = await tx.selectFrom('runs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Runs of a model, newest first; those that come after one of them in that order, where it is given. */
export async function listRuns(
  db: Db,
  filter: { modelId?: string; modelVersion?: string; after?: string; limit?: number; offset?: number } = {},
): Promise<Run[]> {
  let query = db
    .selectFrom('runs')
    .selectAll()
    .orderBy('submitted_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit ?? 50)
    .offset(filter.offset ?? 0);
  if (filter.modelId !== undefined) query = query.where('model_id', '=', filter.modelId);
  if (filter.modelVersion !== undefined) query = query.where('model_version', '=', filter.modelVersion);
  if (filter.after !== undefined)
    query = query.where(
      sql<boolean>`(submitted_at, id) < (select submitted_at, id from runs where id = ${filter.after})`,
    );
  return (await query.execute()).map((row) => fromRow(row));
}

/** The newest run of the same model version that was submitted after this one and has passed its checks; else null. */
export async function newerRunOf(db: Db, run: Run): Promise<string | null> {
  const row = await db
    .selectFrom('runs')
    .select('id')
    .where('model_id', '=', run.modelId)
    .where('model_version', '=', run.modelVersion)
    .where('submitted_at', '>', run.submittedAt)
    .where('state', 'in', ['awaiting_approval', 'completed'])
    .orderBy('submitted_at', 'desc')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** What may change of a run. */
export type RunChange = Partial<
  Pick<Run, 'state' | 'currentStage' | 'riskTier' | 'failure' | 'stands' | 'finishedAt'>
>;

/** Notes that a stage of a run has begun; false, and nothing changed, when the run has ended meanwhile. */
export async function beginStage(db: Db, id: string, stage: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('runs')
    .set({ state: 'running', current_stage: stage })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Changes what is given of a run and leaves the rest. */
export async function updateRun(tx: Tx, id: string, change: RunChange): Promise<void> {
  const { state, currentStage, riskTier, failure, stands, finishedAt } = change;
  const columns = {
    state,
    current_stage: currentStage,
    risk_tier: riskTier,
    failure,
    stands,
    finished_at: finishedAt,
  };
  const set = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  await tx.updateTable('runs').set(set).where('id', '=', id).execute();
}

/** Stores what a stage found beside its statement. A second result of the stage violates the table's key. */
export async function insertStageResult(
  tx: Tx,
  said: Said<'stage-result/v1'>,
  { results, isolation }: Pick<StageResultRow, 'results' | 'isolation'>,
): Promise<void> {
  await tx
    .insertInto('stage_results')
    .values({ ...stageResultColumns(said), results: JSON.stringify(results), isolation })
    .execute();
}

/** Results of a run's stages in the order in which they were made. */
export async function stageResultsOf(db: Db, runId: string): Promise<StageResultRow[]> {
  const rows = await db
    .selectFrom('stage_results')
    .selectAll()
    .where('run_id', '=', runId)
    .innerJoin('ledger', 'ledger.id', 'stage_results.statement')
    .orderBy('ledger.index')
    .execute();
  return rows.map(({ stage, statement, outcome, results, isolation, performed_at }) => ({
    stage,
    statement: statement as StatementId,
    outcome,
    results,
    isolation,
    performedAt: performed_at,
  }));
}

/** A row of the table, as selected. */
export type RunRow = Selectable<RunsTable>;

function toRow(run: Run) {
  return {
    id: run.id,
    submission: run.submission,
    model_id: run.modelId,
    model_version: run.modelVersion,
    artifact: JSON.stringify(run.artifact),
    artifact_digest: run.artifact.digest,
    pipeline: run.pipeline,
    evidence: JSON.stringify(run.evidence),
    inputs: JSON.stringify(run.inputs),
    submitter: JSON.stringify(run.submitter),
    authors: JSON.stringify(run.authors),
    attempt: run.attempt,
    state: run.state,
    current_stage: run.currentStage,
    risk_tier: run.riskTier,
    failure: run.failure,
    stands: run.stands,
    trained_at: run.trainedAt,
    ci_url: run.ciUrl,
    note: run.note,
    missing_bytes: run.missingBytes,
    submitted_at: run.submittedAt,
    finished_at: run.finishedAt,
    seal: run.seal,
  };
}

/** The run that a row holds. */
export function fromRow(row: RunRow): Run {
  return {
    id: row.id,
    submission: row.submission as Digest,
    modelId: row.model_id,
    modelVersion: row.model_version,
    artifact: row.artifact as Artifact,
    pipeline: row.pipeline as Digest,
    evidence: row.evidence as EvidenceItem[],
    inputs: row.inputs as Inputs,
    submitter: row.submitter as Principal,
    authors: row.authors as Principal[],
    attempt: row.attempt,
    state: row.state,
    currentStage: row.current_stage,
    riskTier: row.risk_tier,
    failure: row.failure,
    stands: row.stands,
    trainedAt: row.trained_at,
    ciUrl: row.ci_url,
    note: row.note,
    missingBytes: row.missing_bytes,
    submittedAt: row.submitted_at,
    finishedAt: row.finished_at,
    seal: row.seal,
  };
}
