import type { BotContext } from '../../context.ts';
import { keepHandling } from '../../handling.ts';
import type { CommandCall } from '../../payload.ts';
import type { Acknowledge } from '../listener.ts';
import type { MuteQuery } from './parse-mute.ts';

/** `/governance mute …`: kept in the inbox, then acknowledged; what became of it is told from there. */
export async function muteByCommand(
  ctx: BotContext,
  { account, channel, triggerId }: CommandCall,
  query: MuteQuery,
  acknowledge: Acknowledge,
): Promise<void> {
  const { findingId, duration, reason } = query;
  const said = { type: 'handle_finding', action: 'mute', findingId, duration, reason } as const;
  const key = `command:${account.team}/${account.user}:${triggerId}`;
  const trouble = await keepHandling(ctx, key, { ...said, account, channel });
  await acknowledge();
  if (trouble !== null) await ctx.slack.tell(account.user, channel, trouble);
}
