import { troubleNote } from '../../../notify/index.ts';
import { receiveAction } from '../../../services/index.ts';
import { clickKey } from '../../decision.ts';
import { reasonOf } from '../../failure.ts';
import { readClick } from '../../payload.ts';
import type { TokenAction } from '../../token-action.ts';
import { type Listener, setAside } from '../listener.ts';

/** Confirm, of a token that decides in somebody's name. */
export const onTokenConfirmed: Listener = (ctx, arrival) => keep(ctx, arrival, true);

/** Not me, or Revoke. */
export const onTokenDenied: Listener = (ctx, arrival) => keep(ctx, arrival, false);

/** Kept in the inbox, then acknowledged; the answer follows from there, whatever happens to this process. */
async function keep(
  ctx: Parameters<Listener>[0],
  arrival: Parameters<Listener>[1],
  isMine: boolean,
): Promise<void> {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'token');
  const { account, channel, value: tokenId } = click;
  const payload: TokenAction = { type: 'token', tokenId, isMine, account, channel };
  try {
    await receiveAction(ctx.services, { dedupeKey: clickKey(click), payload });
  } catch (error) {
    ctx.logger.error('a click could not be kept', { reason: reasonOf(error) });
    await arrival.acknowledge();
    await ctx.slack.tell(account.user, channel, troubleNote('temporary_failure'));
    return;
  }
  await arrival.acknowledge();
}
