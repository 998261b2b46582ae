import type { PersonId } from '../../domain/index.ts';
import {
  delegatedNote,
  delegationRefusalNote,
  type Message,
  requestWithdrawnNote,
  stoppedNote,
} from '../../notify/index.ts';
import {
  finishAction,
  grantDelegation,
  stopDelegation,
  type waitingAction,
  withdrawRequest,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { Order } from '../order.ts';
import { whoActsNow } from '../roles.ts';

type Waiting = NonNullable<Awaited<ReturnType<typeof waitingAction>>>;

interface Outcome {
  readonly word: string;
  readonly message: Message;
}

/** Does what a command ordered and says what became of it. A failure is the queue's to try again; repeating changes nothing. */
export async function answerOrder(ctx: BotContext, { id, payload }: Waiting): Promise<void> {
  const order = Order.safeParse(payload);
  if (!order.success) {
    ctx.logger.error('an action in the inbox is not understood', { inbox: id });
    return finishAction(ctx.services, id, 'not_understood');
  }
  const { account, channel } = order.data;
  const { word, message } = await carryOut(ctx, order.data);
  if (!(await ctx.slack.tell(account.user, channel, message)))
    ctx.logger.warn('nobody could be told what became of a command', { inbox: id, outcome: word });
  await finishAction(ctx.services, id, word);
}

async function carryOut(ctx: BotContext, order: Order): Promise<Outcome> {
  const person = await whoActsNow(ctx, order.account);
  if (typeof person !== 'string')
    return { word: `refused:${person.refusal}`, message: delegationRefusalNote(person.refusal) };
  switch (order.type) {
    case 'order.delegate':
      return delegate(ctx, person, order);
    case 'order.stop_delegation':
      return stop(ctx, person);
    case 'order.withdraw_request': {
      const result = await withdrawRequest(ctx.services, { name: order, person });
      const word = result.ok ? 'withdrawn' : `refused:${result.refusal}`;
      return { word, message: requestWithdrawnNote(order, result) };
    }
  }
}

async function delegate(
  ctx: BotContext,
  delegator: PersonId,
  { account, user, until, zone, reason }: Extract<Order, { type: 'order.delegate' }>,
): Promise<Outcome> {
  const other = ctx.services.directory.personOfSlack({ team: ctx.settings.team, user });
  const wish = { delegator, delegate: other, until, reason, assurance: 'slack_command' as const, account };
  const result = await grantDelegation(ctx.services, wish);
  if (!result.ok)
    return { word: `refused:${result.refusal}`, message: delegationRefusalNote(result.refusal) };
  const { delegation } = result;
  return { word: 'delegated', message: delegatedNote({ delegation, zone, nameOf: ctx.nameOf }) };
}

async function stop(ctx: BotContext, delegator: PersonId): Promise<Outcome> {
  const stopped = await stopDelegation(ctx.services, { delegator, assurance: 'slack_command' });
  const message = stoppedNote(stopped, ctx.nameOf);
  return { word: stopped === null ? 'nothing_to_stop' : 'stopped', message };
}
