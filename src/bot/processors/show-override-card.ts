import { overrideCardOf, wantCards } from '../../services/index.ts';
import type { BotContext } from '../context.ts';

/** Asks for an override's card to be posted, or to be brought up to date where it stands; the courier does it. */
export async function showOverrideCard(ctx: BotContext, overrideId: string): Promise<void> {
  const channel = await ctx.slack.channelId(ctx.settings.approvalChannel);
  await wantCards(ctx.services, overrideCardOf(overrideId), channel);
}
