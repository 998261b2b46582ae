import {
  delegationRefusalNote,
  type Message,
  troubleNote,
  withdrawalRefusalNote,
  withdrawnNote,
} from '../../notify/index.ts';
import {
  approvalStatus,
  finishAction,
  requestOf,
  type waitingAction,
  withdrawDecision,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { whoActsNow } from '../roles.ts';
import { WithdrawAction } from '../withdrawal.ts';

/** An action that waits in the inbox. */
type Waiting = NonNullable<Awaited<ReturnType<typeof waitingAction>>>;

/**
 * Takes back the decision that somebody withdraws, and tells them what became of it. Nobody withdraws another's: the
 * person behind the account is who counts. A failure is the queue's to try again; repeating it changes nothing.
 */
export async function answerWithdrawal(ctx: BotContext, { id, payload }: Waiting): Promise<void> {
  const action = WithdrawAction.safeParse(payload);
  if (!action.success) {
    ctx.logger.error('an action in the inbox is not understood', { inbox: id });
    return finishAction(ctx.services, id, 'not_understood');
  }
  const { account, channel } = action.data;
  const { word, message } = await answer(ctx, action.data);
  if (!(await ctx.slack.tell(account.user, channel, message)))
    ctx.logger.warn('nobody could be told what became of an action', { inbox: id, outcome: word });
  await finishAction(ctx.services, id, word);
}

async function answer(
  ctx: BotContext,
  { decision, account }: WithdrawAction,
): Promise<{ readonly word: string; readonly message: Message }> {
  const requestId = await requestOf(ctx.services, decision);
  if (requestId === null) return { word: 'unknown_decision', message: troubleNote('unknown_control') };
  const person = await whoActsNow(ctx, account);
  if (typeof person !== 'string')
    return { word: `refused:${person.refusal}`, message: delegationRefusalNote(person.refusal) };
  const result = await withdrawDecision(ctx.services, { requestId, person });
  if (!result.ok)
    return { word: `refused:${result.refusal}`, message: withdrawalRefusalNote(result.refusal) };
  const { request } = await approvalStatus(ctx.services, requestId);
  return { word: 'withdrawn', message: withdrawnNote(request.view, result.state, result.withdrawn) };
}
