import { signStatement } from '../attestation/index.ts';
import {
  type ApprovalStage,
  type ApprovalView,
  approvalFor,
  checkStages,
  digestOfJson,
  type GovernanceRecord,
  type Instant,
  isRequired,
  type Pipeline,
  type RiskTier,
  viewDigest,
} from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import {
  type Appendable,
  appendStatement,
  insertApprovalRequest,
  insertRecord,
  lockRun,
  type Run,
  type RunChange,
  type StageResultRow,
  supersedeRequests,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import type { RunContext } from './context.ts';
import { queueCardUpdate } from './queue-card.ts';

/**
 * Ends a run whose required stages passed: signs the governance record and, where the tier demands approval, the
 * request for it. Record, request, card and the run's new state commit together.
 */
export async function issueRecord(
  ctx: RunContext,
  run: Run,
  pipeline: Pipeline,
  results: readonly StageResultRow[],
  tier: RiskTier,
): Promise<void> {
  const now = ctx.clock.now();
  const body = recordOf(run, pipeline, results, tier, now);
  const record = await signStatement(ctx.workerSigner, { kind: 'governance-record/v1', body }, run.artifact);
  const stage = approvalFor(pipeline, tier);
  await ctx.db.transaction().execute(async (tx) => {
    const current = await lockRun(tx, run.id);
    if (current?.state !== 'queued' && current?.state !== 'running') return;
    const change = await commitRecord(tx, ctx, run, record, body);
    const end =
      stage === null ? COMPLETED : await askForApproval(tx, ctx, run, record, body, stage, results, now);
    await updateRun(tx, run.id, {
      ...change,
      ...end,
      ...(end.state === 'awaiting_approval' ? {} : { finishedAt: now }),
    });
  });
}

const COMPLETED: RunChange = { state: 'completed' };

async function commitRecord(
  tx: Tx,
  ctx: RunContext,
  run: Run,
  record: Appendable,
  body: GovernanceRecord,
): Promise<RunChange> {
  await appendStatement(tx, record, ctx.clock.now());
  const { runId, modelId, modelVersion, riskTier, issuedAt, validUntil } = body;
  await insertRecord(tx, {
    statement: record.id,
    runId,
    modelId,
    modelVersion,
    artifact: run.artifact.digest,
    riskTier,
    issuedAt,
    validUntil,
  });
  return { riskTier, currentStage: null };
}

async function askForApproval(
  tx: Tx,
  ctx: RunContext,
  run: Run,
  record: Appendable,
  body: GovernanceRecord,
  stage: ApprovalStage,
  results: readonly StageResultRow[],
  now: Instant,
): Promise<RunChange> {
  const unmapped = [body.submitter, ...body.authors]
    .filter(({ person }) => person === null)
    .map(({ subject }) => subject);
  if (unmapped.length > 0) {
    return {
      state: 'failed',
      failure: `a ${body.riskTier} submission needs a known submitter and authors; not in people: ${unmapped.join(', ')}`,
    };
  }
  const view = viewOf(run, record, body, stage, results, now);
  const { runId, modelId, modelVersion, riskTier } = body;
  const { roles, requestedAt, dueAt, expiresAt } = view;
  const request = await signStatement(
    ctx.workerSigner,
    {
      kind: 'approval-request/v1',
      body: {
        runId,
        modelId,
        modelVersion,
        artifact: run.artifact,
        record: record.id,
        riskTier,
        roles,
        view: viewDigest(view),
        requestedAt,
        dueAt,
        expiresAt,
      },
    },
    run.artifact,
  );
  await appendStatement(tx, request, ctx.clock.now());
  await insertApprovalRequest(tx, { id: request.id, runId: run.id, view, viewDigest: viewDigest(view) });
  for (const older of await supersedeRequests(tx, run, request.id, now))
    await queueCardUpdate(tx, older, now);
  await queueCardUpdate(tx, request.id, now);
  return { state: 'awaiting_approval' };
}

function recordOf(
  run: Run,
  pipeline: Pipeline,
  results: readonly StageResultRow[],
  tier: RiskTier,
  now: Instant,
): GovernanceRecord {
  const required = checkStages(pipeline)
    .filter((stage) => isRequired(stage, tier))
    .map(({ name }) => name);
  return {
    runId: run.id,
    modelId: run.modelId,
    modelVersion: run.modelVersion,
    artifact: run.artifact,
    pipeline: run.pipeline,
    evidence: digestOfJson(run.evidence),
    inputs: run.inputs,
    riskTier: tier,
    requiredStages: required,
    completedStages: required.filter((stage) =>
      results.some((row) => row.stage === stage && row.outcome === 'passed'),
    ),
    stageResults: results.map(({ stage, statement }) => ({ stage, statement })),
    submitter: run.submitter,
    authors: [...run.authors],
    issuedAt: now,
    validUntil: later(now, pipeline.recordValidityDays * DAY),
  };
}

function viewOf(
  run: Run,
  record: Appendable,
  body: GovernanceRecord,
  stage: ApprovalStage,
  results: readonly StageResultRow[],
  now: Instant,
): ApprovalView {
  const people = [body.submitter, ...body.authors].flatMap(({ person }) => (person === null ? [] : [person]));
  return {
    modelId: run.modelId,
    modelVersion: run.modelVersion,
    artifact: run.artifact,
    riskTier: body.riskTier,
    record: record.id,
    runId: run.id,
    pipeline: run.pipeline,
    stages: results.map((row) => ({
      name: row.stage,
      outcome: row.outcome,
      checks: row.results.map(({ check, outcome, message, measurements, problems }) => ({
        name: check,
        outcome,
        message,
        measurements,
        problems,
      })),
    })),
    roles: [...stage.roles],
    excluded: [...new Set(people)],
    submitter: run.submitter.subject,
    requestedAt: now,
    dueAt: later(now, stage.sla),
    expiresAt: later(now, stage.expiresAfter),
    recordValidUntil: body.validUntil,
  };
}
