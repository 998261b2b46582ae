import type { BotContext } from '../../context.ts';
import { HandlingAction, keepHandling } from '../../handling.ts';
import type { CommandCall } from '../../payload.ts';
import type { Acknowledge } from '../listener.ts';
import type { AcknowledgeQuery, MuteQuery } from './parse-mute.ts';

/** `/governance mute …` and `acknowledge …`: kept in the inbox, then acknowledged; what became of it is told from there. */
export async function handleByCommand(
  ctx: BotContext,
  { account, channel, triggerId }: CommandCall,
  { kind: action, ...query }: AcknowledgeQuery | MuteQuery,
  acknowledge: Acknowledge,
): Promise<void> {
  const key = `command:${account.team}/${account.user}:${triggerId}`;
  const trouble = await keepHandling(
    ctx,
    key,
    HandlingAction.parse({ type: 'handle_finding', action, ...query, account, channel }),
  );
  await acknowledge();
  if (trouble !== null) await ctx.slack.tell(account.user, channel, trouble);
}
