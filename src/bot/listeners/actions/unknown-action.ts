import { troubleNote } from '../../../notify/index.ts';
import { readClick } from '../../payload.ts';
import type { Listener } from '../listener.ts';

/** A control that no release of ours has, or only another one: the person is told so. */
export const onUnknownAction: Listener = async (ctx, { body, acknowledge }) => {
  await acknowledge();
  const click = readClick(body);
  if (click === null) return;
  ctx.logger.warn('a control of unknown kind was used', { action: click.actionId });
  await ctx.slack.tell(click.account.user, click.channel, troubleNote('unknown_control'));
};
