import { signStatement } from '../attestation/index.ts';
import {
  type Approval,
  type ApprovalState,
  type Assurance,
  approvalState,
  CountersignError,
  type DecideResult,
  type DecisionRefusal,
  type Digest,
  decideAsBest,
  digestOfJson,
  evolve,
  type GivenDecision,
  type Instant,
  type PersonId,
  type Role,
  type SlackAccount,
  type StatementId,
} from '../domain/index.ts';
import {
  type ApprovalRequestRow,
  decisionsOn,
  findApprovalRequest,
  holdRoles,
  insertDecision,
  lastWithdrawal,
  lockApprovalRequest,
  markRequestDecided,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import { intact, toApproval } from './approval-status.ts';
import { objectionOfSlack } from './confirm-roles.ts';
import type { ApprovalContext, BaseContext } from './context.ts';
import { queueDecidedInPlace } from './delegation-news.ts';
import { endIfOutdated, endOutdatedRequest } from './end-requests.ts';
import { lentNow } from './lent.ts';
import { momentAfter } from './moment-after.ts';
import { once } from './once.ts';
import { peopleNow } from './people-now.ts';
import { queueCardUpdate } from './queue-card.ts';
import { recordAsked } from './record-asked.ts';

/** Somebody's answer to an approval request. */
export interface Answer {
  readonly requestId: string;
  readonly person: PersonId;
  /** The Slack account that answered, which must be able to act; left out where the answer came in another way. */
  readonly account?: SlackAccount;
  readonly decision: 'approved' | 'rejected';
  /** Digest of the approval view that the person was shown. */
  readonly view: Digest;
  readonly reason: string | null;
  readonly assurance: Assurance;
  /** Id of the inbox row that brings it: what became of it is found again by that. */
  readonly source?: string;
}

/** What became of an answer. */
export type AnswerResult =
  | {
      readonly ok: true;
      /** Where the request stood then. */
      readonly state: ApprovalState;
      readonly roles: readonly Role[];
      readonly statement: StatementId;
    }
  | { readonly ok: false; readonly refusal: DecisionRefusal };

const REASON_LIMIT = 2000;

/**
 * Takes an answer: weighs it, signs it and commits it with all that follows from it. Answers to one request take turns,
 * in whatever process, so each person counts once and the request has one outcome. The same answer again, by its source,
 * is what it was the first time, though it was withdrawn since.
 *
 * @throws CountersignError `not_found` when there is no such request; `invalid_input` for a reason over 2,000 characters;
 *   `integrity` when what deciders would be shown is not what was asked
 */
export async function decideApproval(ctx: ApprovalContext, answer: Answer): Promise<AnswerResult> {
  if ((answer.reason ?? '').length > REASON_LIMIT)
    throw new CountersignError('invalid_input', `the reason is longer than ${REASON_LIMIT} characters`);
  return once(ctx, answer.source, async (tx) => {
    const request = intact(await lockApprovalRequest(tx, answer.requestId), answer.requestId);
    // Until the decision is recorded nobody loses or gets a role, so that the judge finds it as it was weighed.
    await holdRoles(tx);
    if (await endIfOutdated(tx, ctx, request)) return { ok: false, refusal: 'superseded' };
    const now = momentAfter(await lastWithdrawal(tx, request.id), ctx.clock.now());
    const approval = toApproval(request, await decisionsOn(tx, request.id));
    const result = await weigh({ ...ctx, db: tx }, answer, approval, now);
    if (!result.ok) return result;
    const statement = await commitDecision(tx, ctx, request, answer, result.decision);
    const state = await settle(tx, ctx, request, evolve(approval, result.decision), result.decision);
    return { ok: true, state, roles: result.decision.roles, statement };
  });
}

/**
 * Whether an answer would be refused now, without taking it: for surfaces that ask for a reason only of those who may
 * give one. Null when it would count.
 *
 * @throws CountersignError `not_found` when there is no such request; `integrity` as in `decideApproval`
 */
export async function previewDecision(
  ctx: BaseContext & Pick<ApprovalContext, 'directory' | 'trust'>,
  answer: Pick<Answer, 'requestId' | 'person' | 'account' | 'decision' | 'view'>,
): Promise<DecisionRefusal | null> {
  await endOutdatedRequest(ctx, answer.requestId);
  const request = intact(await findApprovalRequest(ctx.db, answer.requestId), answer.requestId);
  const approval = toApproval(request, await decisionsOn(ctx.db, request.id));
  const toCome = { reason: 'yet to come', assurance: 'slack_confirm' } as const;
  const result = await weigh(ctx, { ...answer, ...toCome }, approval, ctx.clock.now());
  return result.ok ? null : result.refusal;
}

/** Weighs an answer by the roles and delegations as they are now, and by how sure we are of them. */
async function weigh(
  ctx: BaseContext & Pick<ApprovalContext, 'directory'>,
  answer: Answer,
  approval: Approval,
  now: Instant,
): Promise<DecideResult> {
  const command = { ...answer, people: await peopleNow(ctx), now };
  const result = decideAsBest(command, approval, await lentNow(ctx.db, now));
  const { person, account = null } = answer;
  const objection = await objectionOfSlack(ctx, { person, account, approval, result, now });
  return objection === null ? result : { ok: false, refusal: objection };
}

async function commitDecision(
  tx: Tx,
  ctx: ApprovalContext,
  request: ApprovalRequestRow,
  answer: Answer,
  given: GivenDecision,
): Promise<StatementId> {
  const reasonSalt = answer.reason === null ? null : ctx.newId();
  const body = {
    artifact: request.view.artifact,
    target: { type: 'approval_request' as const, id: request.id },
    record: request.view.record,
    person: given.person,
    roles: [...given.roles],
    decision: given.decision,
    ...(given.onBehalfOf === undefined ? {} : { onBehalfOf: given.onBehalfOf }),
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
  if (given.onBehalfOf !== undefined) await queueDecidedInPlace(tx, signed.id, given.decidedAt);
  await recordAsked(tx, signed, given.decidedAt, answer.source);
  await insertDecision(tx, signed.statement, { reason: answer.reason, reasonSalt });
  return signed.id;
}

async function settle(
  tx: Tx,
  ctx: ApprovalContext,
  request: ApprovalRequestRow,
  after: Approval,
  given: GivenDecision,
): Promise<ApprovalState> {
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
  return state;
}
