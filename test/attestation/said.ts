import {
  type Artifact,
  type Digest,
  digestOf,
  fileArtifact,
  type Instant,
  type Predicate,
  type StatementId,
} from '../../src/domain/index.ts';

/** The bytes that the statements of these tests speak of. */
export const ARTIFACT: Artifact = fileArtifact(digestOf('model bytes'));
export const OTHER: Artifact = fileArtifact(digestOf('other bytes'));
export const NOW: Instant = '2026-11-23T09:00:00.000Z';
export const LATER: Instant = '2026-12-23T09:00:00.000Z';

const id = 'a'.repeat(64) as StatementId;
const digest: Digest = digestOf('something');
const name = { runId: 'run-1', modelId: 'fraud-detection', modelVersion: '4.1.2' };
const submitter = { subject: 'ci:build', person: 'sam' };

type Example<Kind extends Predicate['kind']> = (artifact?: Artifact) => Extract<Predicate, { kind: Kind }>;

export const stageResult: Example<'stage-result/v1'> = (artifact = ARTIFACT) => ({
  kind: 'stage-result/v1',
  body: {
    ...name,
    artifact,
    stage: 'model_card',
    outcome: 'passed',
    checks: [{ name: 'model_card_schema_valid', version: '1', outcome: 'passed', report: digest }],
    pipeline: digest,
    evidence: digest,
    performedAt: NOW,
  },
});

const governanceRecord: Example<'governance-record/v1'> = (artifact = ARTIFACT) => ({
  kind: 'governance-record/v1',
  body: {
    ...name,
    artifact,
    pipeline: digest,
    evidence: digest,
    inputs: {},
    riskTier: 'high_risk',
    requiredStages: ['model_card'],
    completedStages: ['model_card'],
    stageResults: [{ stage: 'model_card', statement: id }],
    submitter,
    authors: [],
    issuedAt: NOW,
    validUntil: LATER,
  },
});

const approvalRequest: Example<'approval-request/v1'> = (artifact = ARTIFACT) => ({
  kind: 'approval-request/v1',
  body: {
    ...name,
    artifact,
    record: id,
    riskTier: 'high_risk',
    roles: ['ml_lead'],
    view: digest,
    requestedAt: NOW,
    dueAt: NOW,
    expiresAt: LATER,
  },
});

const approvalDecision: Example<'approval-decision/v1'> = (artifact = ARTIFACT) => ({
  kind: 'approval-decision/v1',
  body: {
    artifact,
    target: { type: 'approval_request', id },
    record: id,
    person: 'lea',
    roles: ['ml_lead'],
    decision: 'approved',
    view: digest,
    assurance: 'slack_click',
    decidedAt: NOW,
    expiresAt: LATER,
  },
});

const approvalWithdrawal: Example<'approval-withdrawal/v1'> = (artifact = ARTIFACT) => ({
  kind: 'approval-withdrawal/v1',
  body: { artifact, request: id, decision: id, person: 'lea', withdrawnAt: NOW },
});

export const ledgerView: Example<'ledger-view/v1'> = (artifact = ARTIFACT) => ({
  kind: 'ledger-view/v1',
  body: {
    artifact: artifact.digest,
    statements: [],
    treeSize: 0,
    root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    issuedAt: NOW,
    validUntil: LATER,
  },
});

/** One predicate of every kind. */
export const EXAMPLES = [
  stageResult,
  governanceRecord,
  approvalRequest,
  approvalDecision,
  approvalWithdrawal,
  ledgerView,
] as const;
