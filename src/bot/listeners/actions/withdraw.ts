import { troubleNote } from '../../../notify/index.ts';
import { receiveAction } from '../../../services/index.ts';
import { clickKey } from '../../decision.ts';
import { reasonOf } from '../../failure.ts';
import { readClick } from '../../payload.ts';
import type { WithdrawAction } from '../../withdrawal.ts';
import { type Listener, setAside } from '../listener.ts';

/** Withdraw: kept in the inbox, then acknowledged; the answer follows from there, whatever happens to this process. */
export const onWithdraw: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'withdraw');
  const { account, channel, value: decision } = click;
  const payload: WithdrawAction = { type: 'withdraw', decision, account, channel };
  try {
    await receiveAction(ctx.services, { dedupeKey: clickKey(click), payload });
  } catch (error) {
    ctx.logger.error('a click could not be kept', { reason: reasonOf(error) });
    await arrival.acknowledge();
    await ctx.slack.tell(account.user, channel, troubleNote('temporary_failure'));
    return;
  }
  await arrival.acknowledge();
};
