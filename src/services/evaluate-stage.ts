import { signStatement } from '../attestation/index.ts';
import { effectiveParameters } from '../checks/index.ts';
import {
  type CheckResult,
  type CheckStage,
  digestOfJson,
  type Instant,
  invalidInput,
  type Outcome,
  type StageResult,
  stageOutcome,
  tierOf,
} from '../domain/index.ts';
import {
  appendStatement,
  beginStage,
  insertStageResult,
  lockRun,
  type Run,
  stageResultsOf,
  updateRun,
} from '../storage/index.ts';
import type { RunContext } from './context.ts';
import { type GivenArtifact, givenArtifact, type Unread } from './given-artifact.ts';

/**
 * Runs a stage's checks, signs what they found and commits statement and result together. Returns the outcome, or null
 * when the run ended or the stage was committed by another worker meanwhile.
 */
export async function evaluateStage(ctx: RunContext, run: Run, stage: CheckStage): Promise<Outcome | null> {
  if (!(await beginStage(ctx.db, run.id, stage.name))) return null;
  const performedAt = ctx.clock.now();
  const { results, isolation } = await runChecks(ctx, run, stage, performedAt);
  const body = stageResult(run, stage, results, performedAt);
  const signed = await signStatement(ctx.workerSigner, { kind: 'stage-result/v1', body }, run.artifact);
  return ctx.db.transaction().execute(async (tx) => {
    const current = await lockRun(tx, run.id);
    if (
      current?.state !== 'running' ||
      (await stageResultsOf(tx, run.id)).some((row) => row.stage === stage.name)
    )
      return null;
    await appendStatement(tx, signed, ctx.clock.now());
    await insertStageResult(tx, signed.statement, { results, isolation });
    await updateRun(tx, run.id, {
      currentStage: null,
      ...(body.riskTier ? { riskTier: body.riskTier } : {}),
    });
    return body.outcome;
  });
}

async function runChecks(
  ctx: RunContext,
  run: Run,
  stage: CheckStage,
  now: Instant,
): Promise<{ results: CheckResult[]; isolation: string }> {
  const given = await givenArtifact(ctx.blobs, run);
  const evidence = await evidenceFiles(ctx, run);
  const parameters = parametersOf(ctx, stage);
  const passedChecks = await passedInEarlierStages(ctx, run);
  const { modelId, modelVersion } = run;
  const about = { modelId, modelVersion, artifact: given.artifact, evidence, passedChecks, now };
  const runs = stage.checks.map(async ({ name }) => {
    const unread = whyNot(ctx, name, given);
    if (unread !== null) return notLookedAt(ctx, name, unread);
    return (await ctx.checks.run({ ...about, check: name, parameters: parameters.get(name) ?? {} })).result;
  });
  const results = await Promise.all(runs);
  return { results, isolation: (await ctx.checks.isolationInForce()).kind };
}

/** Why a check cannot look at the artifact; null where it can, or where it does not look at it at all. */
function whyNot({ checks }: RunContext, name: string, given: GivenArtifact): Unread | null {
  const entry = checks.catalogue.find(name);
  if (entry === undefined) return null;
  if (entry.builtIn === null) return given.unreadByScripts;
  // Any script is given the artifact, so also one that stands in for a check that does not.
  return entry.builtIn.readsArtifact === true || entry.scripts.length > 0 ? given.unread : null;
}

function notLookedAt({ checks }: RunContext, check: string, { message, remedy }: Unread): CheckResult {
  return {
    check,
    version: checks.catalogue.find(check)?.version ?? 'unknown',
    outcome: 'insufficient_evidence',
    message,
    problems: [{ where: 'artifact', message, remedy }],
    measurements: [],
    details: {},
  };
}

/** Registration has refused what is wrong with them, so this throws only where a release dropped a check. */
function parametersOf({ checks }: RunContext, stage: CheckStage) {
  const parameters = effectiveParameters(stage, checks.catalogue);
  if (!parameters.ok) throw invalidInput(`stage ${stage.name}`, parameters.problems);
  return parameters.value;
}

async function passedInEarlierStages({ db }: RunContext, run: Run): Promise<string[]> {
  const rows = await stageResultsOf(db, run.id);
  return rows.flatMap(({ results }) =>
    results.filter(({ outcome }) => outcome === 'passed').map(({ check }) => check),
  );
}

async function evidenceFiles({ blobs }: RunContext, run: Run) {
  const entries = run.evidence.map(async ({ name, digest }) => {
    const known = digest as Run['artifact']['digest'];
    return [name, { path: await blobs.pathOf(known), digest: known }] as const;
  });
  return new Map(await Promise.all(entries));
}

function stageResult(
  run: Run,
  stage: CheckStage,
  results: readonly CheckResult[],
  performedAt: string,
): StageResult {
  const riskTier = tierOf(results);
  return {
    runId: run.id,
    modelId: run.modelId,
    modelVersion: run.modelVersion,
    artifact: run.artifact,
    stage: stage.name,
    outcome: stageOutcome(results.map(({ outcome }) => outcome)),
    ...(riskTier === null ? {} : { riskTier }),
    checks: results.map((result) => ({
      name: result.check,
      version: result.version,
      outcome: result.outcome,
      report: digestOfJson(result),
    })),
    pipeline: run.pipeline,
    evidence: digestOfJson(run.evidence),
    performedAt,
  };
}
