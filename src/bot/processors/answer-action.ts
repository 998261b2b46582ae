import type { DecisionRefusal, SlackAccount } from '../../domain/index.ts';
import { receiptNote } from '../../notify/index.ts';
import {
  approvalStatus,
  decideApproval,
  finishAction,
  givenDecision,
  UNPROVEN,
  waitingAction,
} from '../../services/index.ts';
import { conclude, type Outcome, type Waiting } from '../conclude.ts';
import type { BotContext } from '../context.ts';
import { assuranceOf, type Clicked, DecisionAction, lookUpClick } from '../decision.ts';
import { explainRefusal, STALE_CARD } from '../explain.ts';
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
]);

/**
 * Takes the decision that waits in the inbox and tells its person what became of it. Safe to do again: one person's
 * decision is recorded once, and a receipt that did not arrive is given again.
 */
export async function answerAction(ctx: BotContext, inboxId: string): Promise<void> {
  const row = await waitingAction(ctx.services, inboxId);
  if (row === null) return;
  // What is in the payload is the word of whoever added the row: the API is believed what it is for, and nothing else.
  if (row.source === 'api') return answerApi(ctx, row);
  if (row.source !== 'slack' || !ctx.inbox.hasReceived(row)) return refuseArrival(ctx, row);
  if (isAboutOverride(row.payload)) return answerOverride(ctx, row);
  if (isOrder(row.payload)) return answerOrder(ctx, row);
  const other = OTHERS.get(row.payload['type']);
  if (other !== undefined) return other(ctx, row);
  return conclude(ctx, row, DecisionAction, (action) => answer(ctx, inboxId, action));
}

async function refuseArrival({ services, logger }: BotContext, { id, source }: Waiting): Promise<void> {
  logger.error(
    'an action in the inbox is refused: this bot did not put it there; somebody may be forging clicks in the database',
    {
      inbox: id,
      source,
    },
  );
  await finishAction(services, id, UNPROVEN);
}

async function answer(ctx: BotContext, source: string, action: DecisionAction): Promise<Outcome> {
  const { button, account, decision, reason } = action;
  const clicked = await lookUpClick(ctx, action);
  if (clicked === null) return { word: 'unknown_card', message: await explainUnknownCard(ctx, button) };
  const { requestId, view, person } = clicked;
  if (person === null) return refuse(ctx, 'unknown_person', clicked, account);
  await confirmFor(ctx, { requestId, person });
  const result = await decideApproval(ctx.services, {
    requestId,
    person,
    account,
    decision,
    view,
    reason,
    assurance: await assuranceOf(ctx, requestId, action),
    source,
  });
  return result.ok
    ? receipt(ctx, requestId, result.statement)
    : refuse(ctx, result.refusal, clicked, account);
}

async function receipt(ctx: BotContext, requestId: string, statement: string): Promise<Outcome> {
  const { request, state, missingRoles } = await approvalStatus(ctx.services, requestId);
  const given = await givenDecision(ctx.services, statement);
  return {
    word: `recorded:${given.decision}`,
    message: receiptNote({
      view: request.view,
      state,
      given,
      missingRoles,
      decision: given.withdrawnAt === null ? given.statement : null,
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
