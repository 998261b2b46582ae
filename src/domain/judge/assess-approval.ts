import type { Instant } from '../instant.ts';
import type { Role } from '../person.ts';
import { isAmong } from '../trust.ts';
import { quorumOf } from './quorum.ts';
import type { AppliedRenewal, CountedApproval, GovernanceStatus, Reason } from './verdict.ts';
import { type Decision, type Question, type Scale, weighDecisions } from './weigh-decision.ts';

/** How the human approval of a record stands, where nobody has rejected it. */
export interface ApprovalAssessment {
  readonly status: Extract<GovernanceStatus, 'governed' | 'pending' | 'expired'>;
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
  readonly approvals: readonly CountedApproval[];
  readonly missingRoles: readonly Role[];
  readonly validUntil: Instant | null;
}

export interface ApprovalInput extends Scale {
  /** The newest request on the record; null when nobody has been asked. */
  readonly question: Question | null;
  readonly decisions: readonly Decision[];
  /** Where the artifact is to serve traffic. */
  readonly environment: string;
  /** By which the record, and with it its approvals, goes on. */
  readonly renewals: readonly AppliedRenewal[];
  readonly now: Instant;
}

/** Weighs the approvals of a record: distinct people who cover the roles, none of them expired. */
export function assessApproval(input: ApprovalInput): ApprovalAssessment {
  const { question, stage, environment, now } = input;
  if (question === null)
    return waiting(stage.roles, 'approval_missing', 'nobody has been asked to approve yet');
  const { environments = ['*'] } = question.request.body;
  if (!isAmong(environments, environment)) return askedElsewhere(stage.roles, environments, environment);
  const { counted, notes } = weighDecisions(input.decisions, question, input);
  const approvals = counted.filter(({ body }) => body.decision === 'approved');
  const live = quorumOn(
    approvals.filter((decision) => now < endOf(decision, input)),
    input,
  );
  if (live.missing.length === 0) return { ...approved(live.decisions, input), notes };
  if (quorumOn(approvals, input).missing.length === 0)
    return { ...lapsed(approvals, live.missing, input), notes };
  const { expiresAt } = question.request.body;
  const still =
    now >= expiresAt
      ? waiting(live.missing, 'approval_lapsed', `the request for approval lapsed at ${expiresAt}`)
      : waiting(live.missing, 'approval_missing', `approval by ${live.missing.join(' and ')} is missing`);
  return { ...still, approvals: toApprovals(live.decisions), notes };
}

/** Of which decisions a quorum consists, or what it lacks. */
function quorumOn(
  approvals: readonly Decision[],
  { stage, people, now }: ApprovalInput,
): { missing: readonly Role[]; decisions: ReadonlyMap<Role, Decision> } {
  const votes = approvals.map((decision) => {
    const { body, entry } = decision;
    const { person, onBehalfOf } = body;
    const holder = onBehalfOf?.person ?? person;
    return { person, holder, roles: body.roles, at: entry.recordedAt, decision };
  });
  const { missing, covered } = quorumOf(stage.roles, votes, people, now);
  return { missing, decisions: new Map([...covered].map(([role, { decision }]) => [role, decision])) };
}

function toApprovals(decisions: ReadonlyMap<Role, Decision>): CountedApproval[] {
  return [...decisions].map(([role, { id, body }]) => ({
    person: body.person,
    onBehalfOf: body.onBehalfOf?.person ?? null,
    role,
    statement: id,
    decidedAt: body.decidedAt,
  }));
}

const WAITING = { status: 'pending', notes: [], approvals: [], validUntil: null } as const;

function waiting(
  missingRoles: readonly Role[],
  code: 'approval_missing' | 'approval_lapsed',
  message: string,
): ApprovalAssessment {
  const resolve =
    code === 'approval_lapsed'
      ? 'submit the model version again with --attempt new'
      : 'answer the approval request in Slack';
  const reasons: readonly Reason[] = [{ code, message, resolve }];
  return { ...WAITING, reasons, missingRoles };
}

/** What people saw when they approved said nothing of this environment. */
function askedElsewhere(
  roles: readonly Role[],
  environments: readonly string[],
  environment: string,
): ApprovalAssessment {
  const reason: Reason = {
    code: 'approval_missing',
    message: `approval was asked for ${environments.join(', ')}, not for ${environment}`,
    resolve: 'submit the model version again with --attempt new, under a pipeline that counts there',
  };
  return { ...WAITING, reasons: [reason], missingRoles: roles };
}

/** A renewal carries on what was approved before it, and had not expired then. */
function endOf({ body, entry }: Decision, { renewals }: Pick<ApprovalInput, 'renewals'>): Instant {
  return renewals.reduce(
    (end, { renewedAt, until }) =>
      entry.recordedAt < renewedAt && renewedAt < end && end < until ? until : end,
    body.expiresAt,
  );
}

function approved(
  decisions: ReadonlyMap<Role, Decision>,
  input: Pick<ApprovalInput, 'renewals'>,
): ApprovalAssessment {
  const validUntil = [...decisions.values()].map((decision) => endOf(decision, input)).sort()[0] ?? null;
  const approvals = toApprovals(decisions);
  return { status: 'governed', reasons: [], notes: [], approvals, missingRoles: [], validUntil };
}

function lapsed(
  counted: readonly Decision[],
  missingRoles: readonly Role[],
  input: Pick<ApprovalInput, 'renewals'>,
): ApprovalAssessment {
  const ends = counted.map((decision) => endOf(decision, input)).sort()[0] ?? '';
  const reason: Reason = {
    code: 'approval_expired',
    message: `the approval expired at ${ends}`,
    resolve: 'submit the model version again with --attempt new',
  };
  return { status: 'expired', reasons: [reason], notes: [], approvals: [], missingRoles, validUntil: ends };
}
