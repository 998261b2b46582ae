import { type Confirmation, isSureEnough } from '../confirmation.ts';
import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import { quorumOf } from '../judge/index.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import type { Assurance, StatementId } from '../statement/index.ts';

/** One answer that was given. */
export interface GivenDecision {
  readonly person: PersonId;
  readonly roles: readonly Role[];
  readonly decision: 'approved' | 'rejected';
  readonly decidedAt: Instant;
}

/** An approval request as its decisions have left it. */
export interface Approval {
  readonly id: StatementId;
  readonly view: Digest;
  readonly roles: readonly Role[];
  readonly excluded: readonly PersonId[];
  readonly expiresAt: Instant;
  readonly superseded: boolean;
  /** How an approval must be confirmed to count. */
  readonly confirmation: Confirmation;
  readonly decisions: readonly GivenDecision[];
}

/** Where a request stands. `pending` until decided, lapsed or superseded. */
export type ApprovalState = 'pending' | 'approved' | 'rejected' | 'lapsed' | 'superseded';

/** A person's answer, with all that deciding needs. */
export interface DecideCommand {
  readonly person: PersonId;
  readonly decision: 'approved' | 'rejected';
  /** Digest of the view that the person was shown. */
  readonly view: Digest;
  readonly assurance: Assurance;
  /** Required to reject. */
  readonly reason: string | null;
  readonly people: People;
  readonly now: Instant;
}

/** Why an answer does not count. Every surface has one sentence for each. */
export type DecisionRefusal =
  | 'unknown_person'
  | 'no_role'
  | 'submitter_or_author'
  | 'already_decided'
  | 'closed'
  | 'lapsed'
  | 'superseded'
  | 'view_changed'
  | 'reason_required'
  | 'confirmation_required'
  /** What Slack said of a role or an account is too old, and Slack cannot be asked: nothing is recorded. */
  | 'role_unconfirmed'
  /** The Slack account is deactivated, a guest's, a bot's or of another workspace. */
  | 'account_barred';

export type DecideResult =
  | { readonly ok: true; readonly decision: GivenDecision }
  | { readonly ok: false; readonly refusal: DecisionRefusal };

/** Where a request stands at an instant. */
export function approvalState(approval: Approval, people: People, now: Instant): ApprovalState {
  if (approval.superseded) return 'superseded';
  if (approval.decisions.some(({ decision }) => decision === 'rejected')) return 'rejected';
  if (missingRoles(approval, people, now).length === 0) return 'approved';
  return now >= approval.expiresAt ? 'lapsed' : 'pending';
}

/** Roles that no distinct person has covered yet: by the judge's own rule, so that the two never disagree. */
export function missingRoles(approval: Approval, people: People, now: Instant): readonly Role[] {
  const approvals = approval.decisions.filter(({ decision }) => decision === 'approved');
  const votes = approvals.map(({ person, roles, decidedAt }) => ({ person, roles, at: decidedAt }));
  return quorumOf(approval.roles, votes, people, now).missing;
}

/** Whether an answer counts. Pure: the time, the people and the policy come with the command. */
export function decide(command: DecideCommand, approval: Approval): DecideResult {
  const refuse = (refusal: DecisionRefusal): DecideResult => ({ ok: false, refusal });
  if (!command.people.has(command.person)) return refuse('unknown_person');
  const held = rolesAt(command.people, command.person, command.now);
  const roles = approval.roles.filter((role) => held.has(role));
  if (roles.length === 0) return refuse('no_role');
  if (approval.excluded.includes(command.person)) return refuse('submitter_or_author');
  if (approval.decisions.some(({ person }) => person === command.person)) return refuse('already_decided');
  const closed = refusalByState(approvalState(approval, command.people, command.now));
  if (closed !== null) return refuse(closed);
  if (command.view !== approval.view) return refuse('view_changed');
  if (command.decision === 'rejected' && (command.reason ?? '').trim() === '')
    return refuse('reason_required');
  if (command.decision === 'approved' && !isSureEnough(command.assurance, approval.confirmation))
    return refuse('confirmation_required');
  return {
    ok: true,
    decision: { person: command.person, roles, decision: command.decision, decidedAt: command.now },
  };
}

/** The request after an answer that counts. */
export function evolve(approval: Approval, decision: GivenDecision): Approval {
  return { ...approval, decisions: [...approval.decisions, decision] };
}

/** Why nothing can be withdrawn. */
export type WithdrawalRefusal = 'nothing_to_withdraw' | 'superseded';

/** What remains of a request once a person has taken their answer back, be it decided or not. Pure. */
export function withdraw(
  person: PersonId,
  approval: Approval,
):
  | { readonly ok: true; readonly after: Approval }
  | { readonly ok: false; readonly refusal: WithdrawalRefusal } {
  if (approval.superseded) return { ok: false, refusal: 'superseded' };
  const decisions = approval.decisions.filter((given) => given.person !== person);
  if (decisions.length === approval.decisions.length) return { ok: false, refusal: 'nothing_to_withdraw' };
  return { ok: true, after: { ...approval, decisions } };
}

function refusalByState(state: ApprovalState): DecisionRefusal | null {
  switch (state) {
    case 'pending':
      return null;
    case 'approved':
    case 'rejected':
      return 'closed';
    case 'lapsed':
      return 'lapsed';
    case 'superseded':
      return 'superseded';
  }
}
