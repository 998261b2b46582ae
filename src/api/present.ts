import type { z } from '@hono/zod-openapi';
import type {
  ApprovalStatus,
  currentDeployments,
  findingInFull,
  knownFindings,
  ModelStatus,
  OverrideStatus,
  RunDescription,
  StatusAt,
} from '../services/index.ts';
import type { ApprovalInFullBody } from './schema/approval.ts';
import type {
  DeploymentBody,
  FindingBody,
  FindingInFullBody,
  ModelStatusBody,
  StatusAtBody,
} from './schema/monitoring.ts';
import type { OverrideBody } from './schema/override.ts';
import type { RunBody, RunDescriptionBody } from './schema/run.ts';

type Run = RunDescription['run'];
type Deployment = Awaited<ReturnType<typeof currentDeployments>>[number];
type Finding = Awaited<ReturnType<typeof knownFindings>>[number];

/** A run as the API shows it. */
export function presentRun({ submission: _submission, artifact, ...run }: Run): z.infer<typeof RunBody> {
  return { ...run, artifact: artifact.digest };
}

/** A run with its stages, its approval and its verdict. */
export function presentDescription({
  run,
  stages,
  approval,
  verdict,
}: RunDescription): z.infer<typeof RunDescriptionBody> {
  return {
    run: presentRun(run),
    stages,
    approval: approval === null ? null : presentApproval(approval),
    verdict,
  };
}

function presentApproval({ request, state, decisions, missingRoles }: ApprovalStatus) {
  const { roles, requestedAt, dueAt, expiresAt } = request.view;
  return {
    id: request.id,
    state,
    roles,
    missingRoles,
    requestedAt,
    dueAt,
    expiresAt,
    decisions: decisions.map(({ statement: _statement, ...decision }) => decision),
  };
}

/** An approval with what is put to the vote and who is still needed. */
export function presentApprovalInFull(approval: ApprovalStatus): z.infer<typeof ApprovalInFullBody> {
  const { request, openRoles } = approval;
  const { view, viewDigest, runId } = request;
  return { ...presentApproval(approval), runId, view, viewDigest, openRoles };
}

/** An override, and where it stands. */
export function presentOverride({
  override,
  phase,
  documentation: state,
}: OverrideStatus): z.infer<typeof OverrideBody> {
  const { artifact, confirmedBy, confirmedAt, documentedBy, documentedAt, documentation, ...terms } =
    override;
  const { documentationDueAt: dueAt, ...shown } = terms;
  return {
    ...shown,
    phase,
    artifact: artifact.digest,
    confirmed: by(confirmedBy, confirmedAt),
    documentation: { state, dueAt, given: given(by(documentedBy, documentedAt), documentation) },
  };
}

function by(person: string | null, at: string | null) {
  return person === null || at === null ? null : { person, at };
}

function given(writer: ReturnType<typeof by>, text: string | null) {
  return writer === null ? null : { ...writer, text };
}

/** A deployment as last observed. */
export function presentDeployment({
  basis: _basis,
  ...deployment
}: Deployment): z.infer<typeof DeploymentBody> {
  return deployment;
}

/** A finding with its life so far. */
export function presentFinding({
  id,
  state,
  firedAt,
  resolvedAt,
  handling: { acknowledged, mute, run },
  finding: { key: _key, ...finding },
}: Finding): z.infer<typeof FindingBody> {
  return { id, state, firedAt, resolvedAt, ...finding, acknowledged, mute, run };
}

/** A finding with its steps and deliveries. */
export function presentFindingInFull({
  steps,
  deliveries,
  ...finding
}: Awaited<ReturnType<typeof findingInFull>>): z.infer<typeof FindingInFullBody> {
  return {
    finding: presentFinding(finding),
    steps: steps.map(({ kind, at, person }) => ({ kind, at, person })),
    deliveries: deliveries.map(({ receiver, toldAt, pending, failure }) => ({
      receiver,
      toldAt,
      pending,
      failure,
    })),
  };
}

/** How a model stood. */
export function presentStatusAt({ deployments, ...status }: StatusAt): z.infer<typeof StatusAtBody> {
  return {
    ...status,
    deployments: deployments.map(({ modelId: _modelId, replicas: _replicas, ...row }) => row),
  };
}

/** How a model stands. */
export function presentModel({
  modelId,
  versions,
  deployments,
  findings,
}: ModelStatus): z.infer<typeof ModelStatusBody> {
  return {
    modelId,
    versions: versions.map(({ latestRun, ...version }) => ({ ...version, latestRun: presentRun(latestRun) })),
    deployments: deployments.map(presentDeployment),
    findings: findings.map(presentFinding),
  };
}
