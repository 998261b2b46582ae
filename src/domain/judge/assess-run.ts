import type { Instant } from '../instant.ts';
import type { People } from '../person.ts';
import {
  approvalFor,
  type CheckStage,
  checkStages,
  isRequired,
  type Pipeline,
  TIER_CHECK,
} from '../pipeline/index.ts';
import { RISK_TIERS, type RiskTier } from '../risk-tier.ts';
import type { Admitted } from './admit.ts';
import { type ApprovalAssessment, assessApproval } from './assess-approval.ts';
import { assessRenewals, type RenewalAssessment } from './assess-renewal.ts';
import type { RunStatements } from './run.ts';
import type { GovernanceStatus, Reason, VerdictBasis } from './verdict.ts';

/** What one run amounts to. */
export interface RunAssessment {
  readonly status: GovernanceStatus;
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
  readonly basis: VerdictBasis;
  /** Whether people approved it, be it that their approval or the record has expired since. */
  readonly approved: boolean;
  /**
   * Whether a failure speaks of the artifact: a check found against it. A run that only lacked evidence says something
   * about its submission, and does not displace what is known of the artifact.
   */
  readonly conclusive: boolean;
}

interface Context {
  readonly pipeline: Pipeline;
  readonly people: People;
  readonly environment: string;
  readonly now: Instant;
}

/** Judges a run that nobody rejected against the pipeline, from its stage results up; the record's own summary is checked, not believed. */
export function assessRun(run: RunStatements, context: Context): RunAssessment {
  const basis = basisOf(run, context.pipeline);
  const verdict = (status: GovernanceStatus, ...reasons: Reason[]): RunAssessment => ({
    status,
    reasons,
    notes: [],
    basis,
    approved: false,
    conclusive: status !== 'failed' || foundAgainst(run),
  });
  const failures = stageFailures(run, context.pipeline, basis.riskTier);
  if (failures.length > 0) return verdict('failed', ...failures);
  if (basis.riskTier === 'prohibited') return { ...verdict('failed', PROHIBITED), conclusive: true };
  const { record } = run;
  if (record === null || basis.completedStages.length < basis.requiredStages.length)
    return verdict('pending', inProgress(basis));
  const inconsistency = inconsistencyOf(record, run, basis);
  if (inconsistency !== null) return { ...verdict('failed', inconsistency), conclusive: true };
  return assessRecord(run, record, basis, context);
}

function assessRecord(
  run: RunStatements,
  record: Admitted<'governance-record/v1'>,
  basis: VerdictBasis,
  { pipeline, people, environment, now }: Context,
): RunAssessment {
  const { riskTier: tier, requiredStages } = basis;
  const renewed = assessRenewals({ run, record, pipeline, tier, requiredStages });
  const stage = approvalFor(pipeline, tier);
  const renewal = renewed.renewals.at(-1) ?? null;
  const withEnd: VerdictBasis = { ...basis, validUntil: renewed.end, renewal };
  if (stage === null) return { ...unasked(withEnd, renewed.end, now), notes: renewed.notes };
  if ([record.body.submitter, ...record.body.authors].some(({ person }) => person === null)) {
    return {
      status: 'failed',
      reasons: [UNMAPPED],
      notes: [],
      basis: withEnd,
      approved: false,
      conclusive: false,
    };
  }
  const { question, decisions } = run;
  const scale = { stage, people, environment, now, renewals: renewed.renewals };
  return voted(withEnd, renewed, assessApproval({ ...scale, question, decisions }), now);
}

/** A record that needs nobody's approval. */
function unasked(basis: VerdictBasis, end: Instant, now: Instant): RunAssessment {
  return now >= end
    ? expired(basis, end)
    : { status: 'governed', reasons: [], notes: [], basis, approved: false, conclusive: true };
}

/** A record with what people said of it. */
function voted(
  withEnd: VerdictBasis,
  { end, notes: renewalNotes }: RenewalAssessment,
  approval: ApprovalAssessment,
  now: Instant,
): RunAssessment {
  const { status, reasons, approvals, missingRoles } = approval;
  const validUntil = [end, approval.validUntil ?? end].sort()[0] as Instant;
  const basis: VerdictBasis = { ...withEnd, approvals, missingRoles, validUntil };
  const notes = [...renewalNotes, ...approval.notes];
  const approved = status === 'governed' || status === 'expired';
  if (approved && now >= end) return { ...expired(basis, end), notes, approved };
  return { status, reasons, notes, basis, approved, conclusive: true };
}

/** Whether a check of the run found something wrong, not merely too little. */
function foundAgainst({ results }: RunStatements): boolean {
  return results.some(({ body }) => body.checks.some(({ outcome }) => outcome === 'failed'));
}

/** The gravest tier that a stage result established: one in which the check that does so passed. */
function establishedTier({ results }: RunStatements): RiskTier | null {
  const established = results.filter(({ body }) =>
    body.checks.some((check) => check.name === TIER_CHECK && check.outcome === 'passed'),
  );
  return RISK_TIERS.find((tier) => established.some(({ body }) => body.riskTier === tier)) ?? null;
}

/** What a verdict on a run rests on, before anybody's approval. */
export function basisOf(run: RunStatements, pipeline: Pipeline): VerdictBasis {
  const tier = establishedTier(run);
  const required = checkStages(pipeline).filter((stage) => isRequired(stage, tier));
  return {
    modelId: run.modelId,
    modelVersion: run.modelVersion,
    runId: run.runId,
    pipeline: pipeline.digest,
    riskTier: tier,
    record: run.record?.id ?? null,
    request: run.question?.request.id ?? null,
    requiredStages: required.map(({ name }) => name),
    completedStages: required.filter((stage) => passed(stage, run)).map(({ name }) => name),
    approvals: [],
    missingRoles: approvalFor(pipeline, tier)?.roles ?? [],
    validUntil: null,
    renewal: null,
  };
}

/** Every result of the stage passed, and there is one. */
function passed(stage: CheckStage, run: RunStatements): boolean {
  const results = run.results.filter(({ body }) => body.stage === stage.name);
  return results.length > 0 && results.every((result) => passedIn(stage, result));
}

/** The result passed, and in it every check that the pipeline names: a stage of fewer checks is another stage. */
function passedIn(stage: CheckStage, { body }: Admitted<'stage-result/v1'>): boolean {
  const passedChecks = body.checks.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name);
  return body.outcome === 'passed' && stage.checks.every(({ name }) => passedChecks.includes(name));
}

function stageFailures(run: RunStatements, pipeline: Pipeline, tier: RiskTier | null): Reason[] {
  const evaluated = checkStages(pipeline).filter(({ name }) =>
    run.results.some(({ body }) => body.stage === name),
  );
  const failing = evaluated.filter(
    (stage) => (stage.blocking || isRequired(stage, tier)) && !passed(stage, run),
  );
  return failing.map((stage) => stageFailure(stage, run));
}

function stageFailure(stage: CheckStage, run: RunStatements): Reason {
  const results = run.results.filter(({ body }) => body.stage === stage.name);
  const result = results.find((candidate) => !passedIn(stage, candidate));
  const culprits = (result?.body.checks ?? [])
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, outcome }) => `${name}: ${outcome}`);
  const message = `stage ${stage.name} did not pass${culprits.length > 0 ? ` (${culprits.join(', ')})` : ''}`;
  const resolve = `countersign runs show ${run.runId}, mend what it names, submit again`;
  return { code: 'stage_not_passed', message, resolve, ...(result ? { statement: result.id } : {}) };
}

function inconsistencyOf(
  record: Admitted<'governance-record/v1'>,
  run: RunStatements,
  basis: VerdictBasis,
): Reason | null {
  const cited = new Set(record.body.stageResults.map(({ statement }) => statement));
  const uncited = basis.requiredStages.filter(
    (stage) => !run.results.some((result) => result.body.stage === stage && cited.has(result.id)),
  );
  if (uncited.length === 0 && record.body.riskTier === basis.riskTier) return null;
  const message =
    uncited.length > 0
      ? `the record does not cite the results of ${uncited.join(', ')}`
      : `the record says ${record.body.riskTier}, the stage results say ${basis.riskTier ?? 'no tier'}`;
  return {
    code: 'record_inconsistent',
    message,
    resolve: 'submit the model version again with --attempt new',
    statement: record.id,
  };
}

function inProgress(basis: VerdictBasis): Reason {
  const open = basis.requiredStages.filter((stage) => !basis.completedStages.includes(stage));
  const message =
    open.length > 0 ? `not evaluated yet: ${open.join(', ')}` : 'the governance record is not signed yet';
  return { code: 'run_in_progress', message, resolve: `wait: countersign runs show ${basis.runId}` };
}

function expired(basis: VerdictBasis, end: Instant): RunAssessment {
  const reason: Reason = {
    code: 'record_expired',
    message: `the governance record expired at ${end}`,
    resolve: 'submit the model version again with --attempt new',
  };
  return { status: 'expired', reasons: [reason], notes: [], basis, approved: false, conclusive: true };
}

const PROHIBITED: Reason = {
  code: 'tier_prohibited',
  message: 'the system is prohibited (EU AI Act, Article 5)',
  resolve: 'nothing cures this: do not deploy it',
};
const UNMAPPED: Reason = {
  code: 'submitter_unmapped',
  message:
    'the submitter or an author is not in the people map, so nobody can tell whether they approve their own work',
  resolve: 'add the account to people: in countersign.yaml, then submit again with --attempt new',
};
