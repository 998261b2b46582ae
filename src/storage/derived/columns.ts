import type { PredicateKind, PredicateOf, StatementId } from '../../domain/index.ts';

/** What a statement says, with its id: all that a row beside the ledger takes from it. */
export interface Said<Kind extends PredicateKind> {
  readonly id: StatementId;
  readonly body: PredicateOf<Kind>;
}

// Each of these is what is stored when its statement is recorded, and what a rebuild expects to find.

/** Columns of `stage_results` that are signed. */
export function stageResultColumns({ id, body }: Said<'stage-result/v1'>) {
  const isFailure = ({ outcome }: (typeof body.checks)[number]) =>
    outcome !== 'passed' && outcome !== 'not_applicable';
  return {
    run_id: body.runId,
    stage: body.stage,
    statement: id,
    outcome: body.outcome,
    failed_checks: body.checks.filter(isFailure).length,
    checks: JSON.stringify(body.checks.map(({ name }) => name)),
    performed_at: body.performedAt,
  };
}

/** Columns of `records`. */
export function recordColumns({ id, body }: Said<'governance-record/v1'>) {
  return {
    statement: id,
    run_id: body.runId,
    model_id: body.modelId,
    model_version: body.modelVersion,
    artifact_digest: body.artifact.digest,
    risk_tier: body.riskTier,
    issued_at: body.issuedAt,
    valid_until: body.validUntil,
  };
}

/** Columns of `renewals`. */
export function renewalColumns({ id, body }: Said<'renewal/v1'>) {
  const { record, number, renewedAt, validUntil } = body;
  return { statement: id, record, number, renewed_at: renewedAt, valid_until: validUntil };
}

/** Columns of `approval_requests` that are signed. */
export function requestColumns({ id, body }: Said<'approval-request/v1'>) {
  return {
    id,
    run_id: body.runId,
    record: body.record,
    model_id: body.modelId,
    model_version: body.modelVersion,
    artifact_digest: body.artifact.digest,
    view_digest: body.view,
    requested_at: body.requestedAt,
    due_at: body.dueAt,
    expires_at: body.expiresAt,
  };
}

/** Columns of `approval_decisions` that are signed. */
export function decisionColumns({ id, body }: Said<'approval-decision/v1'>) {
  return {
    request: body.target.id,
    person: body.person,
    roles: JSON.stringify(body.roles),
    decision: body.decision,
    statement: id,
    assurance: body.assurance,
    decided_at: body.decidedAt,
    on_behalf_of: body.onBehalfOf === undefined ? null : JSON.stringify(body.onBehalfOf),
  };
}

/** What a withdrawal changes of the decision that it takes back. */
export function withdrawalColumns({ id, body }: Said<'approval-withdrawal/v1'>) {
  return { withdrawn_at: body.withdrawnAt, withdrawal: id };
}

/** Columns of `overrides` that are signed. */
export function overrideColumns({ id, body }: Said<'override/v1'>) {
  return {
    id,
    model_id: body.modelId,
    model_version: body.modelVersion,
    environment: body.environment,
    artifact: JSON.stringify(body.artifact),
    person: body.person,
    reference: body.reference ?? null,
    unmet: JSON.stringify(body.unmet),
    granted_at: body.grantedAt,
    expires_at: body.expiresAt,
    documentation_due_at: body.documentationDueAt,
  };
}

/** What a second person's word changes of the override that it confirms. */
export function confirmationColumns({ id, body }: Said<'override/v1'>) {
  return {
    confirmed_by: body.person,
    confirmation: id,
    confirmed_at: body.grantedAt,
    documentation_due_at: body.documentationDueAt,
  };
}

/** What its documentation changes of an override. */
export function documentationColumns({ id, body }: Said<'override-documentation/v1'>) {
  return {
    documented_by: body.person,
    documentation_statement: id,
    documented_at: body.documentedAt,
  };
}

/** Columns of `delegations` that are signed. */
export function delegationColumns({ id, body }: Said<'delegation/v1'>) {
  return {
    id,
    delegator: body.delegator,
    delegate: body.delegate,
    roles: JSON.stringify(body.roles),
    held_from: body.from,
    held_until: body.until,
  };
}

/** What its early end changes of a delegation. */
export function endColumns({ id, body }: Said<'delegation/v1'>) {
  return { ended_at: body.until, ended_by: id };
}
