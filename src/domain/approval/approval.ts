import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import { coverRoles } from '../judge/index.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import type { StatementId } from '../statement/index.ts';

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
  | 'reason_required';

export type DecideResult =
  | { readonly ok: true; readonly decision: GivenDecision }
  | { readonly ok: false; readonly refusal: DecisionRefusal };

/** Where a request stands at an instant. */
export function approvalState(approval: Approval, now: Instant): ApprovalState {
  if (approval.superseded) return 'superseded';
  if (approval.decisions.some(({ decision }) => decision === 'rejected')) return 'rejected';
  if (missingRoles(approval).length === 0) return 'approved';
  return now >= approval.expiresAt ? 'lapsed' : 'pending';
}

/** The decisions with only those roles that their people still hold: what a new decision is added to. */
export function refreshRoles(
  decisions: readonly GivenDecision[],
  people: People,
  now: Instant,
): GivenDecision[] {
  return decisions.map((decision) => {
    const held = rolesAt(people, decision.person, now);
    return { ...decision, roles: decision.roles.filter((role) => held.has(role)) };
  });
}

/** Roles that no distinct person has covered yet. */
export function missingRoles(approval: Approval): readonly Role[] {
  const approvers = approval.decisions.filter(({ decision }) => decision === 'approved');
  return coverRoles(approval.roles, new Map(approvers.map(({ person, roles }) => [person, new Set(roles)])))
    .missing;
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
  const closed = refusalByState(approvalState(approval, command.now));
  if (closed !== null) return refuse(closed);
  if (command.view !== approval.view) return refuse('view_changed');
  if (command.decision === 'rejected' && (command.reason ?? '').trim() === '')
    return refuse('reason_required');
  return {
    ok: true,
    decision: { person: command.person, roles, decision: command.decision, decidedAt: command.now },
  };
}

/** The request after an answer that counts. */
export function evolve(approval: Approval, decision: GivenDecision): Approval {
  return { ...approval, decisions: [...approval.decisions, decision] };
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
