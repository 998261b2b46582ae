import type { Instant } from '../instant.ts';
import type { Role } from '../person.ts';
import { coverRoles } from './quorum.ts';
import type { CountedApproval, GovernanceStatus, Reason } from './verdict.ts';
import { type Decision, type Question, rolesHeld, type Scale, weighDecisions } from './weigh-decision.ts';

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
  readonly now: Instant;
}

/** Weighs the approvals of a record: distinct people who cover the roles, none of them expired. */
export function assessApproval(input: ApprovalInput): ApprovalAssessment {
  const { question, stage, now } = input;
  if (question === null)
    return waiting(stage.roles, 'approval_missing', 'nobody has been asked to approve yet');
  const { counted, notes } = weighDecisions(input.decisions, question, input);
  const approvals = counted.filter(({ body }) => body.decision === 'approved');
  const current = approvals.filter(({ body }) => now < body.expiresAt);
  const live = cover(current, input);
  if (live.missing.length === 0) return { ...approved(live.approvals, current), notes };
  if (cover(approvals, input).missing.length === 0) return { ...lapsed(approvals, live.missing), notes };
  const { expiresAt } = question.request.body;
  const still =
    now >= expiresAt
      ? waiting(live.missing, 'approval_lapsed', `the request for approval lapsed at ${expiresAt}`)
      : waiting(live.missing, 'approval_missing', `approval by ${live.missing.join(' and ')} is missing`);
  return { ...still, approvals: live.approvals, notes };
}

function cover(
  decisions: readonly Decision[],
  input: ApprovalInput,
): { missing: readonly Role[]; approvals: CountedApproval[] } {
  const byPerson = new Map(decisions.map((decision) => [decision.body.person, decision]));
  const voters = new Map([...byPerson].map(([person, decision]) => [person, rolesHeld(decision, input)]));
  const { covered, missing } = coverRoles(input.stage.roles, voters);
  const approvals = [...covered].flatMap(([role, person]) => {
    const decision = byPerson.get(person);
    return decision ? [{ person, role, statement: decision.id, decidedAt: decision.body.decidedAt }] : [];
  });
  return { missing, approvals };
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
  const reasons: readonly Reason[] = [{ code, message, resolve }];
  return { status: 'pending', reasons, notes: [], approvals: [], missingRoles, validUntil: null };
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
