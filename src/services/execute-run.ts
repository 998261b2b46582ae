import {
  type CheckStage,
  checkStages,
  type Instant,
  isRequired,
  type Outcome,
  type Pipeline,
  tierOf,
  withCheckParameters,
} from '../domain/index.ts';
import {
  findRun,
  lockRun,
  type Run,
  type RunChange,
  type StageResultRow,
  stageResultsOf,
  supersedeRequests,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import type { RunContext } from './context.ts';
import { evaluateStage } from './evaluate-stage.ts';
import { issueRecord } from './issue-record.ts';
import { queueCardUpdate } from './queue-card.ts';
import { sealFault } from './run-seal.ts';

/**
 * Takes a run through its pipeline, from wherever it stands: stages whose results are stored are not done again, so
 * a run survives the death of its worker at any point. Safe to call twice at once: one of the two commits each stage.
 * Nothing is run or signed for one that is not as it was queued.
 *
 * @throws CountersignError `unavailable` while the keys of the seals are not there
 */
export async function executeRun(ctx: RunContext, runId: string): Promise<void> {
  const run = await findRun(ctx.db, runId);
  if (run === null || (run.state !== 'queued' && run.state !== 'running')) return;
  const fault = await sealFault(ctx, run);
  if (fault !== null) return refuse(ctx, runId, fault);
  const pipeline = ctx.trust.pipelines.get(run.pipeline);
  if (pipeline === undefined) return fail(ctx, run, `pipeline ${run.pipeline} is no longer registered`);
  const configured = withCheckParameters(pipeline, ctx.checkParameters(run.pipeline, run.modelId));
  for (const stage of checkStages(configured)) {
    const results = await stageResultsOf(ctx.db, runId);
    if (!isDue(stage, results)) continue;
    const outcome = await evaluateStage(ctx, run, stage);
    if (outcome === null) return;
    if (halts(stage, outcome)) return fail(ctx, run, `stage ${stage.name} did not pass (${outcome})`);
  }
  await conclude(ctx, run, pipeline);
}

function isDue(stage: CheckStage, results: readonly StageResultRow[]): boolean {
  if (results.some((result) => result.stage === stage.name)) return false;
  const tier = tierOf(results.flatMap((row) => row.results));
  return tier === null || stage.requirement.kind === 'optional' || isRequired(stage, tier);
}

function halts(stage: CheckStage, outcome: Outcome): boolean {
  return stage.blocking && outcome !== 'passed';
}

async function conclude(ctx: RunContext, run: Run, pipeline: Pipeline): Promise<void> {
  const results = await stageResultsOf(ctx.db, run.id);
  const halted = checkStages(pipeline).find((stage) =>
    results.some((row) => row.stage === stage.name && halts(stage, row.outcome)),
  );
  if (halted !== undefined) return fail(ctx, run, `stage ${halted.name} did not pass`);
  const tier = tierOf(results.flatMap((row) => row.results));
  const missing = checkStages(pipeline).filter(
    (stage) =>
      isRequired(stage, tier) && !results.some((row) => row.stage === stage.name && row.outcome === 'passed'),
  );
  if (missing.length > 0)
    return fail(ctx, run, `required stages did not pass: ${missing.map(({ name }) => name).join(', ')}`);
  if (tier === null) return fail(ctx, run, 'no stage established a risk tier');
  await issueRecord(ctx, { run, pipeline, results, tier });
}

async function fail(ctx: RunContext, run: Run, failure: string): Promise<void> {
  await end(ctx, run.id, { failure }, async (tx, now) => {
    if (await foundAgainst(tx, run)) await endOpenRequests(tx, run, now);
  });
}

/** What is not as it was queued says nothing of any other run, and stands in the way of no equal submission. */
async function refuse(ctx: RunContext, runId: string, failure: string): Promise<void> {
  await end(ctx, runId, { failure, stands: false });
}

async function end(
  ctx: RunContext,
  runId: string,
  change: RunChange,
  before?: (tx: Tx, now: Instant) => Promise<void>,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const current = await lockRun(tx, runId);
    if (current?.state !== 'queued' && current?.state !== 'running') return;
    const now = ctx.clock.now();
    await before?.(tx, now);
    await updateRun(tx, runId, { ...change, state: 'failed', currentStage: null, finishedAt: now });
  });
}

/** Whether a check found something wrong, not merely too little. */
async function foundAgainst(tx: Tx, run: Run): Promise<boolean> {
  const rows = await stageResultsOf(tx, run.id);
  return rows.some(({ results }) => results.some(({ outcome }) => outcome === 'failed'));
}

/** What a check found against an artifact decides on it, so no vote on an older run of it can govern it any more. */
async function endOpenRequests(tx: Tx, run: Run, now: Instant): Promise<void> {
  for (const older of await supersedeRequests(tx, run, now, run.artifact.digest)) {
    const failure = `a check of the newer run ${run.id} found something against the artifact`;
    await updateRun(tx, older.runId, { state: 'failed', stands: false, failure, finishedAt: now });
    await queueCardUpdate(tx, older.id, now);
  }
}
