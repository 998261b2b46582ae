import type { Instant } from '../instant.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import type { ApprovalStage } from '../pipeline/index.ts';
import type { Admitted } from './admit.ts';
import { coverRoles } from './quorum.ts';
import type { CountedApproval, GovernanceStatus, Reason } from './verdict.ts';

/** How the human approval of a record stands. */
export interface ApprovalAssessment {
  readonly status: Extract<GovernanceStatus, 'governed' | 'pending' | 'rejected' | 'expired'>;
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
  readonly approvals: readonly CountedApproval[];
  readonly missingRoles: readonly Role[];
  readonly validUntil: Instant | null;
}

export interface ApprovalInput {
  readonly stage: ApprovalStage;
  readonly record: Admitted<'governance-record/v1'>;
  readonly request: Admitted<'approval-request/v1'> | null;
  readonly decisions: readonly Admitted<'approval-decision/v1'>[];
  readonly people: People;
  readonly now: Instant;
}

type Decision = Admitted<'approval-decision/v1'>;

/** Weighs the decisions on a record: distinct people, entitled then, not the submitter or an author, not expired. */
export function assessApproval(input: ApprovalInput): ApprovalAssessment {
  const { request, stage, now } = input;
  if (request === null)
    return waiting(stage.roles, 'approval_missing', 'nobody has been asked to approve yet');
  const weighed = input.decisions
    .filter((decision) => decision.body.target.id === request.id)
    .map((decision) => weigh(decision, request, input));
  const notes = weighed.flatMap(({ objection }) => (objection === null ? [] : [objection]));
  const counted = weighed.filter(({ objection }) => objection === null).map(({ decision }) => decision);
  const rejections = counted.filter(({ body }) => body.decision === 'rejected');
  if (rejections.length > 0) return rejected(rejections, stage.roles, notes);
  const current = counted.filter(({ body }) => now < body.expiresAt);
  const live = cover(current, input);
  if (live.missing.length === 0) return { ...approved(live.approvals, current), notes };
  if (cover(counted, input).missing.length === 0) return { ...lapsed(counted, live.missing), notes };
  if (now >= request.body.expiresAt)
    return {
      ...waiting(
        live.missing,
        'approval_lapsed',
        `the request for approval lapsed at ${request.body.expiresAt}`,
      ),
      notes,
    };
  const message = `approval by ${live.missing.join(' and ')} is missing`;
  return { ...waiting(live.missing, 'approval_missing', message), approvals: live.approvals, notes };
}

function weigh(
  decision: Decision,
  request: Admitted<'approval-request/v1'>,
  input: ApprovalInput,
): { decision: Decision; objection: Reason | null } {
  const why = objection(decision, request, input);
  const reason: Reason | null =
    why === null
      ? null
      : {
          code: 'decision_not_counted',
          message: `the decision of ${decision.body.person} does not count: ${why}`,
          resolve: 'ask somebody else who holds the role',
          statement: decision.id,
        };
  return { decision, objection: reason };
}

function objection(
  decision: Decision,
  request: Admitted<'approval-request/v1'>,
  input: ApprovalInput,
): string | null {
  const { body } = decision;
  if (body.record !== input.record.id || body.view !== request.body.view)
    return 'it was made on another view or record';
  if (!input.people.has(body.person)) return 'the person is not in the people map';
  if (excluded(input.record).has(body.person)) return 'the submitter and the authors never count';
  if (rolesHeld(decision, input).size === 0)
    return `the person held none of ${input.stage.roles.join(', ')} then`;
  if (decision.entry.recordedAt >= request.body.expiresAt) return 'the request had lapsed';
  return null;
}

/** The people who made or submitted the artifact. */
function excluded(record: Admitted<'governance-record/v1'>): ReadonlySet<PersonId> {
  const principals = [record.body.submitter, ...record.body.authors];
  return new Set(principals.flatMap(({ person }) => (person === null ? [] : [person])));
}

/** Roles of the stage that the person both claimed and, by the people map, held when the ledger recorded the decision. */
function rolesHeld(decision: Decision, { people, stage }: ApprovalInput): ReadonlySet<Role> {
  const held = rolesAt(people, decision.body.person, decision.entry.recordedAt);
  return new Set(decision.body.roles.filter((role) => held.has(role) && stage.roles.includes(role)));
}

/**
 * Covers the stage's roles with the deciders. Roles are checked twice: when each decided, and when the last did, so
 * that somebody who lost the role in between does not complete a quorum.
 */
function cover(
  decisions: readonly Decision[],
  input: ApprovalInput,
): { missing: readonly Role[]; approvals: CountedApproval[] } {
  const settledAt =
    decisions
      .map(({ entry }) => entry.recordedAt)
      .sort()
      .at(-1) ?? input.now;
  const byPerson = new Map(decisions.map((decision) => [decision.body.person, decision]));
  const voters = new Map(
    [...byPerson].map(([person, decision]) => [person, stillHeld(decision, settledAt, input)]),
  );
  const { covered, missing } = coverRoles(input.stage.roles, voters);
  const approvals = [...covered].flatMap(([role, person]) => {
    const decision = byPerson.get(person);
    return decision ? [{ person, role, statement: decision.id, decidedAt: decision.body.decidedAt }] : [];
  });
  return { missing, approvals };
}

function stillHeld(decision: Decision, at: Instant, input: ApprovalInput): ReadonlySet<Role> {
  const held = rolesAt(input.people, decision.body.person, at);
  return new Set([...rolesHeld(decision, input)].filter((role) => held.has(role)));
}

function waiting(
  missingRoles: readonly Role[],
  code: 'approval_missing' | 'approval_lapsed',
  message: string,
): ApprovalAssessment {
  const resolve =
    code === 'approval_lapsed'
      ? 'submit the model version again with --attempt new'
      : 'answer the approval request in Slack';
  return {
    status: 'pending',
    reasons: [{ code, message, resolve }],
    notes: [],
    approvals: [],
    missingRoles,
    validUntil: null,
  };
}

function rejected(
  rejections: readonly Decision[],
  roles: readonly Role[],
  notes: readonly Reason[],
): ApprovalAssessment {
  const reasons = rejections.map(
    (decision): Reason => ({
      code: 'approval_rejected',
      message: `rejected by ${decision.body.person} at ${decision.body.decidedAt}`,
      resolve: 'mend what was objected to, then submit the model version again',
      statement: decision.id,
    }),
  );
  return { status: 'rejected', reasons, notes, approvals: [], missingRoles: roles, validUntil: null };
}

function approved(approvals: readonly CountedApproval[], decisions: readonly Decision[]): ApprovalAssessment {
  const used = decisions.filter((decision) =>
    approvals.some((approval) => approval.statement === decision.id),
  );
  const validUntil = used.map(({ body }) => body.expiresAt).sort()[0] ?? null;
  return { status: 'governed', reasons: [], notes: [], approvals, missingRoles: [], validUntil };
}

function lapsed(counted: readonly Decision[], missingRoles: readonly Role[]): ApprovalAssessment {
  const ends = counted.map(({ body }) => body.expiresAt).sort()[0] ?? '';
  const reason: Reason = {
    code: 'approval_expired',
    message: `the approval expired at ${ends}`,
    resolve: 'submit the model version again with --attempt new',
  };
  return { status: 'expired', reasons: [reason], notes: [], approvals: [], missingRoles, validUntil: ends };
}
