import { readClick } from '../../payload.ts';
import type { WithdrawAction } from '../../withdrawal.ts';
import { type Listener, setAside } from '../listener.ts';
import { keepClick } from './keep-click.ts';

/** Withdraw: kept in the inbox, then acknowledged; the answer follows from there, whatever happens to this process. */
export const onWithdraw: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'withdraw');
  const { account, channel, value: decision } = click;
  const payload: WithdrawAction = { type: 'withdraw', decision, account, channel };
  await keepClick(ctx, click, payload, arrival.acknowledge);
};
