import {
  CountersignError,
  type DecisionRefusal,
  type Instant,
  type PersonId,
  type SlackAccount,
} from '../../domain/index.ts';
import { SECOND } from '../../lib/index.ts';
import { type Message, receiptNote, troubleNote } from '../../notify/index.ts';
import {
  type AnswerResult,
  approvalStatus,
  decideApproval,
  finishAction,
  waitingAction,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { assuranceOf, type Clicked, DecisionAction, lookUpClick } from '../decision.ts';
import { explainRefusal, ownDecision, STALE_CARD } from '../explain.ts';
import { reasonOf } from '../failure.ts';
import { isOrder } from '../order.ts';
import { isAboutOverride } from '../override.ts';
import { confirmFor } from '../roles.ts';
import { explainUnknownCard } from '../unknown-card.ts';
import { answerApi } from './answer-api.ts';
import { answerHandling } from './answer-handling.ts';
import { answerOrder } from './answer-order.ts';
import { answerOverride } from './answer-override.ts';
import { answerToken } from './answer-token.ts';
import { answerWithdrawal } from './answer-withdrawal.ts';
import { showApprovalCard } from './show-approval-card.ts';

/** Who answers what is no decision made in Slack. */
const OTHERS: ReadonlyMap<unknown, typeof answerWithdrawal> = new Map([
  ['withdraw', answerWithdrawal],
  ['handle_finding', answerHandling],
  ['token', answerToken],
  ['api_decide', answerApi],
  ['api_withdraw', answerApi],
  ['api_document', answerApi],
]);

/** What became of an action: a word for the inbox, and what the person is told. */
interface Outcome {
  readonly word: string;
  readonly message: Message;
}

/** For how long a failing action is tried again before its person is told that nothing came of it. */
const PATIENCE = 10 * SECOND;

/**
 * Takes the decision that waits in the inbox and tells its person what became of it. Safe to do again: one person's
 * decision is recorded once, and a receipt that did not arrive is given again.
 */
export async function answerAction(ctx: BotContext, inboxId: string): Promise<void> {
  const row = await waitingAction(ctx.services, inboxId);
  if (row === null) return;
  if (isAboutOverride(row.payload)) return answerOverride(ctx, row);
  if (isOrder(row.payload)) return answerOrder(ctx, row);
  const other = OTHERS.get(row.payload['type']);
  if (other !== undefined) return other(ctx, row);
  const action = DecisionAction.safeParse(row.payload);
  if (!action.success) {
    ctx.logger.error('an action in the inbox is not understood', { inbox: inboxId });
    return finishAction(ctx.services, inboxId, 'not_understood');
  }
  const { account, channel } = action.data;
  const outcome = await answerPatiently(ctx, inboxId, action.data, row.receivedAt);
  if (!(await ctx.slack.tell(account.user, channel, outcome.message)))
    ctx.logger.warn('nobody could be told what became of an action', {
      inbox: inboxId,
      outcome: outcome.word,
    });
  await finishAction(ctx.services, inboxId, outcome.word);
}

/** While there is patience, a failure is the queue's to try again; after that it is final, and nothing will be recorded. */
async function answerPatiently(
  ctx: BotContext,
  inboxId: string,
  action: DecisionAction,
  receivedAt: Instant,
): Promise<Outcome> {
  try {
    return await answer(ctx, action, receivedAt);
  } catch (error) {
    const waited = Date.parse(ctx.services.clock.now()) - Date.parse(receivedAt);
    ctx.logger.error('a decision could not be taken', { inbox: inboxId, waited, reason: reasonOf(error) });
    if (waited < PATIENCE) throw error;
    const recorded = await earlierReceipt(ctx, action, receivedAt);
    if (recorded !== null) return recorded;
    await finishAction(ctx.services, inboxId, 'failed');
    return { word: 'failed', message: troubleNote('temporary_failure') };
  }
}

async function answer(ctx: BotContext, action: DecisionAction, receivedAt: Instant): Promise<Outcome> {
  const { presentationId, account, decision, reason } = action;
  const clicked = await lookUpClick(ctx, action);
  if (clicked === null)
    return { word: 'unknown_card', message: await explainUnknownCard(ctx, presentationId) };
  const { requestId, view, person } = clicked;
  if (person === null) return refuse(ctx, 'unknown_person', clicked, account);
  await confirmFor(ctx, { requestId, person });
  const result: AnswerResult = await decideApproval(ctx.services, {
    requestId,
    person,
    account,
    decision,
    view,
    reason,
    assurance: await assuranceOf(ctx, requestId, action),
  });
  if (result.ok) return receipt(ctx, requestId, person);
  const earlier = result.refusal === 'already_decided' ? await earlierReceipt(ctx, action, receivedAt) : null;
  if (earlier !== null) return earlier;
  return refuse(ctx, result.refusal, clicked, account);
}

/** The receipt of a decision that an earlier try of this very click recorded: after it came in. Null when none did. */
async function earlierReceipt(
  ctx: BotContext,
  action: DecisionAction,
  receivedAt: Instant,
): Promise<Outcome | null> {
  const { decision } = action;
  const clicked = await lookUpClick(ctx, action);
  if (clicked === null || clicked.person === null) return null;
  const own = ownDecision(await approvalStatus(ctx.services, clicked.requestId), clicked.person);
  const isEcho = own !== null && own.decision === decision && own.decidedAt >= receivedAt;
  return isEcho ? receipt(ctx, clicked.requestId, clicked.person) : null;
}

async function receipt(ctx: BotContext, requestId: string, person: PersonId): Promise<Outcome> {
  const status = await approvalStatus(ctx.services, requestId);
  const given = ownDecision(status, person);
  if (given === null) throw new CountersignError('internal', `the decision on ${requestId} is gone`);
  const { request, state, missingRoles } = status;
  return {
    word: `recorded:${given.decision}`,
    message: receiptNote({
      view: request.view,
      state,
      given,
      missingRoles,
      decision: given.statement,
      nameOf: ctx.nameOf,
    }),
  };
}

async function refuse(
  ctx: BotContext,
  refusal: DecisionRefusal,
  { requestId, person }: Clicked,
  account: SlackAccount,
): Promise<Outcome> {
  if (STALE_CARD.includes(refusal)) await refreshCard(ctx, requestId);
  const message = await explainRefusal(ctx, refusal, { requestId, account, person });
  return { word: `refused:${refusal}`, message };
}

async function refreshCard(ctx: BotContext, requestId: string): Promise<void> {
  try {
    await showApprovalCard(ctx, requestId);
  } catch (error) {
    ctx.logger.warn('a stale card could not be brought up to date', {
      request: requestId,
      reason: reasonOf(error),
    });
  }
}
