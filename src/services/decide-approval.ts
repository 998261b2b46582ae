import { signStatement } from '../attestation/index.ts';
import {
  type Approval,
  type ApprovalState,
  type Assurance,
  approvalState,
  CountersignError,
  type DecisionRefusal,
  type Digest,
  decide,
  digestOfJson,
  evolve,
  type GivenDecision,
  type Instant,
  missingRoles,
  type People,
  type PersonId,
  type Role,
  viewDigest,
  whoCanHelp,
} from '../domain/index.ts';
import {
  type Appendable,
  type ApprovalRequestRow,
  appendStatement,
  type DecisionRow,
  decisionsOn,
  type EscalationRow,
  escalationsOf,
  findApprovalRequest,
  insertDecision,
  lockApprovalRequest,
  markRequestDecided,
  openApprovalRequests,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import type { ApprovalContext, BaseContext } from './context.ts';
import { queueCardUpdate } from './queue-card.ts';

/** Somebody's answer to an approval request. */
export interface Answer {
  readonly requestId: string;
  readonly person: PersonId;
  readonly decision: 'approved' | 'rejected';
  /** Digest of the approval view that the person was shown. */
  readonly view: Digest;
  readonly reason: string | null;
  readonly assurance: Assurance;
}

/** What became of an answer. */
export type AnswerResult =
  | { readonly ok: true; readonly state: ApprovalState; readonly roles: readonly Role[] }
  | { readonly ok: false; readonly refusal: DecisionRefusal };

const REASON_LIMIT = 2000;

/**
 * Takes an answer: weighs it, signs it and commits it with all that follows from it. Answers to one request take turns,
 * in whatever process, so each person counts once and the request has one outcome.
 *
 * @throws CountersignError `not_found` when there is no such request; `invalid_input` for a reason over 2,000 characters;
 *   `integrity` when what deciders would be shown is not what was asked
 */
export async function decideApproval(ctx: ApprovalContext, answer: Answer): Promise<AnswerResult> {
  if ((answer.reason ?? '').length > REASON_LIMIT)
    throw new CountersignError('invalid_input', `the reason is longer than ${REASON_LIMIT} characters`);
  return ctx.db.transaction().execute(async (tx) => {
    const request = intact(await lockApprovalRequest(tx, answer.requestId), answer.requestId);
    const now = ctx.clock.now();
    const approval = toApproval(request, await decisionsOn(tx, request.id));
    const result = decide({ ...answer, people: ctx.directory.people, now }, approval);
    if (!result.ok) return result;
    await commitDecision(tx, ctx, request, answer, result.decision);
    return settle(tx, ctx, request, evolve(approval, result.decision), result.decision);
  });
}

/**
 * Whether an answer would be refused now, without taking it: for surfaces that ask for a reason only of those who may
 * give one. Null when it would count.
 *
 * @throws CountersignError `not_found` when there is no such request; `integrity` as in `decideApproval`
 */
export async function previewDecision(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
  answer: Pick<Answer, 'requestId' | 'person' | 'decision' | 'view'>,
): Promise<DecisionRefusal | null> {
  const request = intact(await findApprovalRequest(ctx.db, answer.requestId), answer.requestId);
  const approval = toApproval(request, await decisionsOn(ctx.db, request.id));
  const { people } = ctx.directory;
  const result = decide({ ...answer, reason: 'yet to come', people, now: ctx.clock.now() }, approval);
  return result.ok ? null : result.refusal;
}

async function commitDecision(
  tx: Tx,
  ctx: ApprovalContext,
  request: ApprovalRequestRow,
  answer: Answer,
  given: GivenDecision,
): Promise<void> {
  const reasonSalt = answer.reason === null ? null : ctx.newId();
  const body = {
    artifact: request.view.artifact,
    target: { type: 'approval_request' as const, id: request.id },
    record: request.view.record,
    person: given.person,
    roles: [...given.roles],
    decision: given.decision,
    ...(answer.reason === null ? {} : { reason: digestOfJson({ salt: reasonSalt, reason: answer.reason }) }),
    view: answer.view,
    assurance: answer.assurance,
    decidedAt: given.decidedAt,
    expiresAt: request.view.recordValidUntil,
  };
  const signed = await signStatement(
    ctx.approvalSigner,
    { kind: 'approval-decision/v1', body },
    request.view.artifact,
  );
  await insertDecisionWithStatement(tx, request, signed, {
    ...given,
    statement: signed.id,
    assurance: answer.assurance,
    reason: answer.reason,
    reasonSalt,
  });
}

async function insertDecisionWithStatement(
  tx: Tx,
  request: ApprovalRequestRow,
  signed: Appendable,
  row: DecisionRow & { reasonSalt: string | null },
): Promise<void> {
  await appendStatement(tx, signed, row.decidedAt);
  await insertDecision(tx, request.id, row);
}

async function settle(
  tx: Tx,
  ctx: ApprovalContext,
  request: ApprovalRequestRow,
  after: Approval,
  given: GivenDecision,
): Promise<AnswerResult> {
  const now = given.decidedAt;
  const state = approvalState(after, ctx.directory.people, now);
  if (state === 'approved' || state === 'rejected') {
    await markRequestDecided(tx, request.id, now);
    const failure = state === 'rejected' ? `rejected by ${ctx.directory.nameOf(given.person)}` : null;
    await updateRun(tx, request.runId, {
      state: state === 'approved' ? 'completed' : 'failed',
      failure,
      finishedAt: now,
    });
  }
  await queueCardUpdate(tx, request.id, now);
  return { ok: true, state, roles: given.roles };
}

/** Only the digest of the view is signed, so a row is of use only while it holds the view of that digest. */
function intact(request: ApprovalRequestRow | null, id: string): ApprovalRequestRow {
  if (request === null) throw new CountersignError('not_found', `there is no approval request ${id}`);
  if (viewDigest(request.view) === request.viewDigest) return request;
  throw new CountersignError(
    'integrity',
    `the stored view of approval request ${id} is not the one that was asked: find out who altered it, restore it from a backup`,
  );
}

/** A request with its decisions, as the domain sees it. */
export function toApproval(request: ApprovalRequestRow, decisions: readonly GivenDecision[]): Approval {
  const { roles, excluded, expiresAt } = request.view;
  return {
    id: request.id,
    view: request.viewDigest,
    roles,
    excluded,
    expiresAt,
    superseded: request.supersededAt !== null,
    decisions,
  };
}

/** How an approval request stands, for cards and lists. */
export interface ApprovalStatus {
  readonly request: ApprovalRequestRow;
  readonly state: ApprovalState;
  readonly decisions: readonly DecisionRow[];
  readonly missingRoles: readonly Role[];
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
 * it is refused as soon as it is opened or answered.
 */
export async function pendingApprovals(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
): Promise<ApprovalStatus[]> {
  const open = await openApprovalRequests(ctx.db, ctx.clock.now());
  const all = await Promise.all(open.map((request) => statusOf(ctx, request)));
  return all.filter(({ state }) => state === 'pending');
}

async function statusOf(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
  request: ApprovalRequestRow,
): Promise<ApprovalStatus> {
  const now = ctx.clock.now();
  const { people } = ctx.directory;
  const decisions = await decisionsOn(ctx.db, request.id);
  const approval = toApproval(request, decisions);
  const state = stateOf(request, approval, people, now);
  const escalations = await escalationsOf(ctx.db, request.id);
  return { request, state, decisions, missingRoles: missingRoles(approval, people, now), escalations };
}

/** Whether a person's approval now would bring a request nearer to its quorum. */
export function canHelp(
  { clock, directory }: BaseContext & Pick<ApprovalContext, 'directory'>,
  { request, decisions }: ApprovalStatus,
  person: PersonId,
): boolean {
  return whoCanHelp(toApproval(request, decisions), directory.people, clock.now()).includes(person);
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
