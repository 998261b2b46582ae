import type { Selectable } from 'kysely';
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
import type { EvidenceItem, RunState, RunsTable } from './tables.ts';

/** One execution of a pipeline for an artifact. */
export interface Run {
  readonly id: string;
  readonly key: Digest;
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
  readonly trainedAt: Instant | null;
  readonly submittedAt: Instant;
  readonly finishedAt: Instant | null;
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

/** Stores a run unless one with its key is there; says which run it is then. */
export async function insertRun(tx: Tx, run: Run): Promise<{ run: Run; created: boolean }> {
  const inserted = await tx
    .insertInto('runs')
    .values(toRow(run))
    .onConflict((oc) => oc.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  const row = await tx.selectFrom('runs').selectAll().where('key', '=', run.key).executeTakeFirstOrThrow();
  return { run: fromRow(row), created: inserted !== undefined };
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

/** Runs of a model, newest first. */
export async function listRuns(
  db: Db,
  filter: { modelId?: string; modelVersion?: string; limit?: number } = {},
): Promise<Run[]> {
  let query = db
    .selectFrom('runs')
    .selectAll()
    .orderBy('submitted_at', 'desc')
    .orderBy('id')
    .limit(filter.limit ?? 50);
  if (filter.modelId !== undefined) query = query.where('model_id', '=', filter.modelId);
  if (filter.modelVersion !== undefined) query = query.where('model_version', '=', filter.modelVersion);
  return (await query.execute()).map((row) => fromRow(row));
}

/** The highest attempt made with the same submission; 0 when there is none. */
export async function lastAttempt(tx: Tx, keys: (attempt: number) => Digest): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const row = await tx.selectFrom('runs').select('id').where('key', '=', keys(attempt)).executeTakeFirst();
    if (row === undefined) return attempt - 1;
  }
}

/** The newest run of the same model version that was submitted after this one; null when this is the newest. */
export async function newerRunOf(db: Db, run: Run): Promise<string | null> {
  const row = await db
    .selectFrom('runs')
    .select('id')
    .where('model_id', '=', run.modelId)
    .where('model_version', '=', run.modelVersion)
    .where('submitted_at', '>', run.submittedAt)
    .orderBy('submitted_at', 'desc')
    .executeTakeFirst();
  return row?.id ?? null;
}

export type RunChange = Partial<Pick<Run, 'state' | 'currentStage' | 'riskTier' | 'failure' | 'finishedAt'>>;

/** Changes what is given of a run and leaves the rest. */
export async function updateRun(tx: Db, id: string, change: RunChange): Promise<void> {
  const { state, currentStage, riskTier, failure, finishedAt } = change;
  const columns = {
    state,
    current_stage: currentStage,
    risk_tier: riskTier,
    failure,
    finished_at: finishedAt,
  };
  const set = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  await tx.updateTable('runs').set(set).where('id', '=', id).execute();
}

/** Stores what a stage found. A second result of the stage violates the table's key. */
export async function insertStageResult(tx: Tx, runId: string, row: StageResultRow): Promise<void> {
  const { stage, statement, outcome, results, isolation, performedAt } = row;
  await tx
    .insertInto('stage_results')
    .values({
      run_id: runId,
      stage,
      statement,
      outcome,
      results: JSON.stringify(results),
      isolation,
      performed_at: performedAt,
    })
    .execute();
}

/** Results of a run's stages in the order in which they were made. */
export async function stageResultsOf(db: Db, runId: string): Promise<StageResultRow[]> {
  const rows = await db
    .selectFrom('stage_results')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('performed_at')
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

type RunRow = Selectable<RunsTable>;

function toRow(run: Run) {
  return {
    id: run.id,
    key: run.key,
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
    trained_at: run.trainedAt,
    submitted_at: run.submittedAt,
    finished_at: run.finishedAt,
  };
}

function fromRow(row: RunRow): Run {
  return {
    id: row.id,
    key: row.key as Digest,
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
    trainedAt: row.trained_at,
    submittedAt: row.submitted_at,
    finishedAt: row.finished_at,
  };
}
