import {
  type ApprovalRequest,
  type ApprovalStage,
  type ApprovalView,
  type Changes,
  checkStages,
  type Digest,
  digestOfJson,
  type GovernanceRecord,
  type Instant,
  isRequired,
  type Pipeline,
  passing,
  type RiskTier,
  type StatementId,
  unaskedRenewals,
  viewDigest,
} from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import type { Run, StageResultRow } from '../storage/index.ts';

/** A run whose required stages passed, as it stands when its record is made. */
export interface PassedRun {
  readonly run: Run;
  readonly pipeline: Pipeline;
  readonly results: readonly StageResultRow[];
  readonly tier: RiskTier;
  readonly now: Instant;
}

/** The governance record of a run. */
export function recordOf({ run, pipeline, results, tier, now }: PassedRun): GovernanceRecord {
  const required = checkStages(pipeline)
    .filter((stage) => isRequired(stage, tier))
    .map(({ name }) => name);
  const passed = new Set(results.filter(({ outcome }) => outcome === 'passed').map(({ stage }) => stage));
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
    completedStages: required.filter((stage) => passed.has(stage)),
    stageResults: results.map(({ stage, statement }) => ({ stage, statement })),
    submitter: run.submitter,
    authors: [...run.authors],
    issuedAt: now,
    validUntil: later(now, pipeline.recordValidityDays * DAY),
  };
}

/** What the deciders on a record are shown. */
export function viewOf(
  { run, pipeline, results, tier, now }: PassedRun,
  stage: ApprovalStage,
  record: { readonly id: StatementId; readonly validUntil: Instant },
  { changes, environments }: Pick<ApprovalView, 'environments'> & { readonly changes: Changes | null },
): ApprovalView {
  const expiresAt = later(now, stage.expiresAfter);
  const unasked = unaskedRenewals(pipeline.renewal, tier);
  const makers = [run.submitter, ...run.authors].flatMap(({ person }) => (person === null ? [] : [person]));
  return {
    modelId: run.modelId,
    modelVersion: run.modelVersion,
    artifact: run.artifact,
    riskTier: tier,
    record: record.id,
    runId: run.id,
    pipeline: run.pipeline,
    stages: results.map(({ stage: name, outcome, results: checks }) => ({
      name,
      outcome,
      checks: checks.map(({ check, outcome: found, message, measurements, problems }) => ({
        name: check,
        outcome: found,
        message,
        measurements,
        problems,
      })),
    })),
    roles: [...stage.roles],
    excluded: [...new Set(makers)],
    submitter: run.submitter.subject,
    requestedAt: now,
    dueAt: earlier(passing(now, stage.sla, stage.escalation), expiresAt),
    expiresAt,
    recordValidUntil: record.validUntil,
    confirmation: stage.confirmation,
    ...(stage.apiDecisions ? {} : { apiDecisions: false }),
    changes,
    ...(environments === undefined ? {} : { environments }),
    evidence: run.evidence.map(({ name, digest }) => ({ name, digest: digest as Digest })),
    ...(run.ciUrl === null ? {} : { ciUrl: run.ciUrl }),
    ...(unasked === 0 ? {} : { unaskedRenewals: unasked }),
    ...(run.note === null ? {} : { note: run.note }),
  };
}

/** The request that puts a view to the vote. */
export function requestOf(view: ApprovalView): ApprovalRequest {
  const { runId, modelId, modelVersion, artifact, record, riskTier, roles } = view;
  const { requestedAt, dueAt, expiresAt, environments } = view;
  const where = environments === undefined ? {} : { environments };
  const about = { runId, modelId, modelVersion, artifact, record, riskTier, roles };
  return { ...about, ...where, view: viewDigest(view), requestedAt, dueAt, expiresAt };
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
