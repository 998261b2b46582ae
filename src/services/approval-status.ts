import {
  type Approval,
  type ApprovalState,
  ApprovalView,
  approvalState,
  CountersignError,
  type GivenDecision,
  type Instant,
  missingRoles,
  type OpenRole,
  openRoles,
  type People,
  type PersonId,
  type Role,
  viewDigest,
  whoCanHelp,
} from '../domain/index.ts';
import {
  type ApprovalRequestRow,
  type DecisionRow,
  decisionsOn,
  type EscalationRow,
  escalationsOf,
  findApprovalRequest,
  openApprovalRequests,
} from '../storage/index.ts';
import type { ApprovalContext, BaseContext } from './context.ts';
import { lentNow } from './lent.ts';
import { peopleNow } from './people-now.ts';

/** Only the digest of the view is signed, so a row is of use only while it holds the view of that digest. */
export function intact(request: ApprovalRequestRow | null, id: string): ApprovalRequestRow {
  if (request === null) throw new CountersignError('not_found', `there is no approval request ${id}`);
  if (viewDigest(request.view) === request.viewDigest) return request;
  throw new CountersignError(
    'integrity',
    `the stored view of approval request ${id} is not the one that was asked: find out who altered it, restore it from a backup`,
  );
}

/** A request with its decisions, as the domain sees it. */
export function toApproval(request: ApprovalRequestRow, decisions: readonly GivenDecision[]): Approval {
  const { roles, excluded, expiresAt, confirmation = 'confirm', apiDecisions = true } = request.view;
  return {
    id: request.id,
    view: request.viewDigest,
    roles,
    excluded,
    expiresAt,
    superseded: request.supersededAt !== null,
    ...(request.ending === null ? {} : { ending: request.ending }),
    confirmation,
    apiDecisions,
    decisions,
  };
}

/** How an approval request stands, for cards and lists. */
export interface ApprovalStatus {
  readonly request: ApprovalRequestRow;
  readonly state: ApprovalState;
  readonly decisions: readonly DecisionRow[];
  readonly missingRoles: readonly Role[];
  /** The missing roles of a pending request, each with those who could cover it. */
  readonly openRoles: readonly OpenRole[];
  /** Who was asked again and who came in, in the order of the hops. */
  readonly escalations: readonly EscalationRow[];
}

/** @throws CountersignError `not_found`; `integrity` as in `decideApproval` */
export async function approvalStatus(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
  requestId: string,
): Promise<ApprovalStatus> {
  return statusOf(ctx, intact(await findApprovalRequest(ctx.db, requestId), requestId));
}

/**
 * Requests that wait for an answer, oldest first. One whose view was altered is among them, so that it hides no other:
 * it is refused as soon as it is opened or answered. One whose view cannot be read is not: the monitor tells of it.
 */
export async function pendingApprovals(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
): Promise<ApprovalStatus[]> {
  const open = await openApprovalRequests(ctx.db, ctx.clock.now());
  const readable = open.filter(({ view }) => ApprovalView.safeParse(view).success);
  const all = await Promise.all(readable.map((request) => statusOf(ctx, request)));
  return all.filter(({ state }) => state === 'pending');
}

/** Of the requests that wait for an answer, those which a person's approval now would bring nearer to it. */
export async function waitingFor(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
  person: PersonId,
): Promise<ApprovalStatus[]> {
  const pending = await pendingApprovals(ctx);
  const helps = await Promise.all(pending.map((status) => canHelp(ctx, status, person)));
  return pending.filter((_, index) => helps[index] === true);
}

/** How a request stands; that its view is the one that was asked is the caller's to see to. */
export async function statusOf(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
  request: ApprovalRequestRow,
): Promise<ApprovalStatus> {
  const now = ctx.clock.now();
  const people = await peopleNow(ctx);
  const decisions = await decisionsOn(ctx.db, request.id);
  const approval = toApproval(request, decisions);
  const state = stateOf(request, approval, people, now);
  const missing = missingRoles(approval, people, now);
  const { excluded } = request.view;
  const asked = { missing: state === 'pending' ? missing : [], excluded, decisions, people, now };
  return {
    request,
    state,
    decisions,
    missingRoles: missing,
    openRoles: openRoles({ ...asked, lent: await lentNow(ctx.db, now) }),
    escalations: await escalationsOf(ctx.db, request.id),
  };
}

/** Whether a person's approval now would bring a request nearer to its quorum, be it in another's place. */
export async function canHelp(
  { db, clock, directory }: BaseContext & Pick<ApprovalContext, 'directory'>,
  { request, decisions }: ApprovalStatus,
  person: PersonId,
): Promise<boolean> {
  const now = clock.now();
  const approval = toApproval(request, decisions);
  return whoCanHelp(approval, directory.people, now, await lentNow(db, now)).includes(person);
}

/** A settled request stays as it was settled, whatever happens to roles later; whether it still counts is the judge's to say. */
function stateOf(
  request: ApprovalRequestRow,
  approval: Approval,
  people: People,
  now: Instant,
): ApprovalState {
  if (request.decidedAt === null || request.supersededAt !== null)
    return approvalState(approval, people, now);
  return approval.decisions.some(({ decision }) => decision === 'rejected') ? 'rejected' : 'approved';
}
