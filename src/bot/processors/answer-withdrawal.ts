import {
  delegationRefusalNote,
  troubleNote,
  withdrawalRefusalNote,
  withdrawnNote,
} from '../../notify/index.ts';
import { approvalStatus, requestOf, withdrawDecision } from '../../services/index.ts';
import { conclude, type Outcome, type Waiting } from '../conclude.ts';
import type { BotContext } from '../context.ts';
import { whoActsNow } from '../roles.ts';
import { WithdrawAction } from '../withdrawal.ts';

/**
 * Takes back the decision that somebody withdraws. Nobody withdraws another's, but for one that was given in their place:
 * the person behind the account is who counts.
 */
export function answerWithdrawal(ctx: BotContext, row: Waiting): Promise<void> {
  return conclude(ctx, row, WithdrawAction, (action) => answer(ctx, row.id, action));
}

async function answer(
  ctx: BotContext,
  source: string,
  { decision, account }: WithdrawAction,
): Promise<Outcome> {
  const requestId = await requestOf(ctx.services, decision);
  if (requestId === null) return { word: 'unknown_decision', message: troubleNote('unknown_control') };
  const person = await whoActsNow(ctx, account);
  if (typeof person !== 'string')
    return { word: `refused:${person.refusal}`, message: delegationRefusalNote(person.refusal) };
  const result = await withdrawDecision(ctx.services, { requestId, person, decision, source });
  if (!result.ok)
    return { word: `refused:${result.refusal}`, message: withdrawalRefusalNote(result.refusal) };
  const { request } = await approvalStatus(ctx.services, requestId);
  const { state, withdrawn } = result;
  return {
    word: 'withdrawn',
    message: withdrawnNote({ view: request.view, state, withdrawn, reader: person, nameOf: ctx.nameOf }),
  };
}
