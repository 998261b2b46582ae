import { readClick } from '../../payload.ts';
import type { TokenAction } from '../../token-action.ts';
import { type Listener, setAside } from '../listener.ts';
import { keepClick } from './keep-click.ts';

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
  await keepClick(ctx, click, payload, arrival.acknowledge);
}
