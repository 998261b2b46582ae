import { type Confirmation, isSureEnough, isTaken } from '../confirmation.ts';
import { isInForce, usedUpBy } from '../delegation.ts';
import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import { quorumOf } from '../judge/index.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import type { Assurance, OnBehalfOf, StatementId } from '../statement/index.ts';

/** One answer that was given. */
export interface GivenDecision {
  readonly person: PersonId;
  readonly roles: readonly Role[];
  readonly decision: 'approved' | 'rejected';
  readonly decidedAt: Instant;
  /** In whose place; absent where the person decided for themselves. */
  readonly onBehalfOf?: OnBehalfOf;
}

/** Why a request ended before it was decided or lapsed. */
export type Ending = 'newer_submission' | 'withdrawn' | 'pipeline_changed' | 'artifact_revoked';

/** An approval request as its decisions have left it. */
export interface Approval {
  readonly id: StatementId;
  readonly view: Digest;
  readonly roles: readonly Role[];
  readonly excluded: readonly PersonId[];
  readonly expiresAt: Instant;
  readonly superseded: boolean;
  /** Why it is superseded; absent where a newer submission took its place. */
  readonly ending?: Ending;
  /** How an approval must be confirmed to count. */
  readonly confirmation: Confirmation;
  /** Whether answers by the API count; they do unless the pipeline says otherwise. */
  readonly apiDecisions?: boolean;
  readonly decisions: readonly GivenDecision[];
}

/** Where a request stands. `pending` until decided, lapsed, superseded, or withdrawn by who submitted or made the model. */
export type ApprovalState = 'pending' | 'approved' | 'rejected' | 'lapsed' | 'superseded' | 'withdrawn';

/** A person's answer, with all that deciding needs. */
export interface DecideCommand {
  readonly person: PersonId;
  readonly decision: 'approved' | 'rejected';
  /** Digest of the view that the person was shown. */
  readonly view: Digest;
  readonly assurance: Assurance;
  /** Required to reject. */
  readonly reason: string | null;
  /** In whose place the person decides; absent where it is for themselves. */
  readonly onBehalfOf?: OnBehalfOf;
  readonly people: People;
  readonly now: Instant;
}

/** Why an answer does not count. Every surface has one sentence for each. */
export type DecisionRefusal =
  | 'unknown_person'
  | 'no_role'
  | 'submitter_or_author'
  | 'already_decided'
  /** Another has decided already in this person's place, or the one in whose place this would be decided. */
  | 'decided_by_other'
  /** The delegation has not begun, has ended, or is for too long. */
  | 'delegation_not_in_force'
  | 'closed'
  | 'lapsed'
  | 'superseded'
  /** Who submitted or made the model has taken the request back. */
  | 'withdrawn'
  | 'view_changed'
  | 'reason_required'
  | 'confirmation_required'
  /** The pipeline takes no answers by the API. */
  | 'api_refused'
  /** What Slack said of a role or an account is too old, and Slack cannot be asked: nothing is recorded. */
  | 'role_unconfirmed'
  /** The Slack account is deactivated, a guest's, a bot's or of another workspace. */
  | 'account_barred';

export type DecideResult =
  | { readonly ok: true; readonly decision: GivenDecision }
  | { readonly ok: false; readonly refusal: DecisionRefusal };

/** Where a request stands at an instant. */
export function approvalState(approval: Approval, people: People, now: Instant): ApprovalState {
  if (approval.superseded) return approval.ending === 'withdrawn' ? 'withdrawn' : 'superseded';
  if (approval.decisions.some(({ decision }) => decision === 'rejected')) return 'rejected';
  if (missingRoles(approval, people, now).length === 0) return 'approved';
  return now >= approval.expiresAt ? 'lapsed' : 'pending';
}

/** Roles that no distinct person has covered yet: by the judge's own rule, so that the two never disagree. */
export function missingRoles(approval: Approval, people: People, now: Instant): readonly Role[] {
  const approvals = approval.decisions.filter(({ decision }) => decision === 'approved');
  const votes = approvals.map(({ person, roles, decidedAt, onBehalfOf }) => ({
    person,
    holder: onBehalfOf?.person ?? person,
    roles,
    at: decidedAt,
  }));
  return quorumOf(approval.roles, votes, people, now).missing;
}

/** Whether an answer counts. Pure: the time, the people and the policy come with the command. */
export function decide(command: DecideCommand, approval: Approval): DecideResult {
  const refuse = (refusal: DecisionRefusal): DecideResult => ({ ok: false, refusal });
  const humans = usedUpBy(command);
  if (!humans.every((human) => command.people.has(human))) return refuse('unknown_person');
  const { onBehalfOf } = command;
  if (onBehalfOf !== undefined && !isInForce(onBehalfOf, command.person, command.now))
    return refuse('delegation_not_in_force');
  const roles = rolesOf(command, approval);
  if (roles.length === 0) return refuse('no_role');
  if (humans.some((human) => approval.excluded.includes(human))) return refuse('submitter_or_author');
  const usedUp = approval.decisions.find((given) => usedUpBy(given).some((human) => humans.includes(human)));
  if (usedUp !== undefined)
    return refuse(usedUp.person === command.person ? 'already_decided' : 'decided_by_other');
  const closed = refusalByState(approvalState(approval, command.people, command.now));
  if (closed !== null) return refuse(closed);
  if (command.view !== approval.view) return refuse('view_changed');
  if (!isTaken(command.assurance, approval.apiDecisions ?? true)) return refuse('api_refused');
  if (command.decision === 'rejected' && (command.reason ?? '').trim() === '')
    return refuse('reason_required');
  if (command.decision === 'approved' && !isSureEnough(command.assurance, approval.confirmation))
    return refuse('confirmation_required');
  const { person, decision, now } = command;
  const inPlace = onBehalfOf === undefined ? {} : { onBehalfOf };
  return { ok: true, decision: { person, roles, decision, decidedAt: now, ...inPlace } };
}

/** The request's roles in which an answer would be given: one's own, or those of the delegation that its delegator holds. */
function rolesOf({ person, onBehalfOf, people, now }: DecideCommand, { roles }: Approval): readonly Role[] {
  // The people map alone says who holds a role, so that none that was delegated can be delegated on.
  const held = rolesAt(people, onBehalfOf?.person ?? person, now);
  return roles.filter(
    (role) => held.has(role) && (onBehalfOf === undefined || onBehalfOf.roles.includes(role)),
  );
}

/** The request after an answer that counts. */
export function evolve(approval: Approval, decision: GivenDecision): Approval {
  return { ...approval, decisions: [...approval.decisions, decision] };
}

/** Why nothing can be withdrawn. */
export type WithdrawalRefusal = 'nothing_to_withdraw' | 'superseded';

/** What remains of a request once a person has taken back their answer, or the one given in their place. Pure. */
export function withdraw(
  person: PersonId,
  approval: Approval,
):
  | { readonly ok: true; readonly after: Approval }
  | { readonly ok: false; readonly refusal: WithdrawalRefusal } {
  if (approval.superseded) return { ok: false, refusal: 'superseded' };
  const decisions = approval.decisions.filter((given) => !usedUpBy(given).includes(person));
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
    case 'withdrawn':
      return state;
  }
}
