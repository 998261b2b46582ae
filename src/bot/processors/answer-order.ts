import type { PersonId } from '../../domain/index.ts';
import {
  delegatedNote,
  delegationRefusalNote,
  requestWithdrawnNote,
  stoppedNote,
} from '../../notify/index.ts';
import { grantDelegation, stopDelegation, withdrawRequest } from '../../services/index.ts';
import { conclude, type Outcome, type Waiting } from '../conclude.ts';
import type { BotContext } from '../context.ts';
import { Order } from '../order.ts';
import { whoActsNow } from '../roles.ts';

/** Does what a command ordered, and says what became of it. */
export function answerOrder(ctx: BotContext, row: Waiting): Promise<void> {
  return conclude(ctx, row, Order, (order) => carryOut(ctx, row.id, order));
}

async function carryOut(ctx: BotContext, source: string, order: Order): Promise<Outcome> {
  const person = await whoActsNow(ctx, order.account);
  if (typeof person !== 'string')
    return { word: `refused:${person.refusal}`, message: delegationRefusalNote(person.refusal) };
  switch (order.type) {
    case 'order.delegate':
      return delegate(ctx, { person, source }, order);
    case 'order.stop_delegation':
      return stop(ctx, { person, source });
    case 'order.withdraw_request': {
      const result = await withdrawRequest(ctx.services, { name: order, person, source });
      const word = result.ok ? 'withdrawn' : `refused:${result.refusal}`;
      return { word, message: requestWithdrawnNote(order, result) };
    }
  }
}

/** Who gave an order, and the row of the inbox that brings it. */
interface By {
  readonly person: PersonId;
  readonly source: string;
}

async function delegate(
  ctx: BotContext,
  { person: delegator, source }: By,
  { account, user, until, zone, reason }: Extract<Order, { type: 'order.delegate' }>,
): Promise<Outcome> {
  const other = ctx.services.directory.personOfSlack({ team: ctx.settings.team, user });
  const assurance = 'slack_command' as const;
  const wish = { delegator, delegate: other, until, reason, assurance, account, source };
  const result = await grantDelegation(ctx.services, wish);
  if (!result.ok)
    return { word: `refused:${result.refusal}`, message: delegationRefusalNote(result.refusal) };
  const { delegation } = result;
  return { word: 'delegated', message: delegatedNote({ delegation, zone, nameOf: ctx.nameOf }) };
}

async function stop(ctx: BotContext, { person: delegator, source }: By): Promise<Outcome> {
  const stopped = await stopDelegation(ctx.services, { delegator, assurance: 'slack_command', source });
  const message = stoppedNote(stopped, ctx.nameOf);
  return { word: stopped === null ? 'nothing_to_stop' : 'stopped', message };
}
