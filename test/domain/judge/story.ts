import {
  type ApprovalDecision,
  type ApprovalRequest,
  type Digest,
  digestOf,
  type GovernanceRecord,
  type Outcome,
  type Override,
  type RiskTier,
  type StageResult,
  type StatementId,
} from '../../../src/domain/index.ts';
import { ARTIFACT, at, DAY, ENVIRONMENT, NAME, PIPELINE, type World } from './world.ts';

const digest: Digest = digestOf('something');

/** The checks of each stage of the worlds' pipeline. */
export const CHECKS: Readonly<Record<string, readonly string[]>> = {
  model_card: ['model_card_schema_valid', 'intended_use_defined'],
  risk_classification: ['risk_tier_assigned'],
  bias_and_fairness: ['equalised_odds_within_threshold'],
  extra: ['extra_check'],
};
export const REQUIRED = ['model_card', 'risk_classification', 'bias_and_fairness'];

export function stageResult(stage: string, changes: Partial<StageResult> = {}): StageResult {
  const outcome: Outcome = changes.outcome ?? 'passed';
  return {
    runId: 'run-1',
    ...NAME,
    artifact: ARTIFACT,
    stage,
    outcome,
    ...(stage === 'risk_classification' ? { riskTier: 'high_risk' as RiskTier } : {}),
    checks: (CHECKS[stage] ?? []).map((name) => ({ name, version: '1', outcome, report: digest })),
    pipeline: PIPELINE.digest,
    evidence: digest,
    performedAt: at(0),
    ...changes,
  };
}

export function governanceRecord(
  results: Readonly<Record<string, StatementId>>,
  changes: Partial<GovernanceRecord> = {},
): GovernanceRecord {
  return {
    runId: 'run-1',
    ...NAME,
    artifact: ARTIFACT,
    pipeline: PIPELINE.digest,
    evidence: digest,
    inputs: {},
    riskTier: 'high_risk',
    requiredStages: REQUIRED,
    completedStages: REQUIRED,
    stageResults: Object.entries(results).map(([stage, statement]) => ({ stage, statement })),
    submitter: { subject: 'ci:build', person: 'sam' },
    authors: [{ subject: 'git:ada@example.org', person: 'ada' }],
    issuedAt: at(0),
    validUntil: at(90 * DAY),
    ...changes,
  };
}

const VIEW = digestOf('what deciders are shown');

export function approvalRequest(
  record: StatementId,
  changes: Partial<ApprovalRequest> = {},
): ApprovalRequest {
  return {
    runId: 'run-1',
    ...NAME,
    artifact: ARTIFACT,
    record,
    riskTier: 'high_risk',
    roles: ['ml_lead', 'compliance_officer'],
    view: VIEW,
    requestedAt: at(0),
    dueAt: at(240),
    expiresAt: at(7 * DAY),
    ...changes,
  };
}

export function approvalDecision(
  asked: { record: StatementId; request: StatementId },
  person: string,
  changes: Partial<ApprovalDecision> = {},
): ApprovalDecision {
  return {
    artifact: ARTIFACT,
    target: { type: 'approval_request', id: asked.request },
    record: asked.record,
    person,
    roles: ['ml_lead', 'compliance_officer'],
    decision: 'approved',
    view: VIEW,
    assurance: 'slack_click',
    decidedAt: at(0),
    expiresAt: at(90 * DAY),
    ...changes,
  };
}

/** What a run's statements have in common. */
export interface RunOptions {
  readonly runId?: string;
  readonly tier?: RiskTier;
  /** Stages in the order of their results, with their outcomes. */
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  readonly result?: Partial<StageResult>;
  readonly record?: Partial<GovernanceRecord>;
  readonly request?: Partial<ApprovalRequest>;
}

/** The ids of a run's statements. */
export interface RunIds {
  readonly results: Readonly<Record<string, StatementId>>;
  readonly record: StatementId;
  readonly request: StatementId;
}

/** Says the results of a run's stages; all required ones pass unless told otherwise. */
export function sayResults(world: World, options: RunOptions = {}): Record<string, StatementId> {
  const outcomes =
    options.outcomes ?? Object.fromEntries(REQUIRED.map((stage) => [stage, 'passed'] as const));
  const results: Record<string, StatementId> = {};
  for (const [stage, outcome] of Object.entries(outcomes)) {
    const tier = stage === 'risk_classification' ? { riskTier: options.tier ?? 'high_risk' } : {};
    const body = stageResult(stage, { runId: options.runId ?? 'run-1', outcome, ...tier, ...options.result });
    results[stage] = world.say({ kind: 'stage-result/v1', body });
  }
  return results;
}

/** Says a run up to its approval request. */
export function sayRun(world: World, options: RunOptions = {}): RunIds {
  const runId = options.runId ?? 'run-1';
  const riskTier = options.tier ?? 'high_risk';
  const results = sayResults(world, options);
  const record = world.say({
    kind: 'governance-record/v1',
    body: governanceRecord(results, { runId, riskTier, ...options.record }),
  });
  const request = world.say({
    kind: 'approval-request/v1',
    body: approvalRequest(record, { runId, ...options.request }),
  });
  return { results, record, request };
}

/** Says a person's decision on a run. */
export function sayDecision(
  world: World,
  asked: RunIds,
  person: string,
  changes: Partial<ApprovalDecision> & { minute?: number } = {},
): StatementId {
  const { minute, ...body } = changes;
  return world.say(
    { kind: 'approval-decision/v1', body: approvalDecision(asked, person, body) },
    minute === undefined ? {} : { minute },
  );
}

/** Says a run that is governed: all stages passed, both roles approved. */
export function sayGoverned(world: World, options: RunOptions = {}): RunIds {
  const asked = sayRun(world, options);
  sayDecision(world, asked, 'lea');
  sayDecision(world, asked, 'cora');
  return asked;
}

/** Says that oscar overrides, for a day from the tenth minute on. */
export function sayOverride(world: World, changes: Partial<Override> = {}, minute?: number): StatementId {
  const body: Override = {
    artifact: ARTIFACT,
    ...NAME,
    environment: ENVIRONMENT,
    person: 'oscar',
    role: 'override_officer',
    reason: digest,
    unmet: [],
    grantedAt: at(10),
    expiresAt: at(10 + DAY),
    documentationDueAt: at(10 + 3 * DAY),
    ...changes,
  };
  return world.say({ kind: 'override/v1', body }, minute === undefined ? {} : { minute });
}
