import { approvalStatus, requestCard, wantCards } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { tellOutcome } from './tell-outcome.ts';

/** Asks for a request's card to be posted, or for every copy of it to be brought up to date; the courier does it. Those who submitted it are told how it ended. */
export async function showApprovalCard(ctx: BotContext, requestId: string): Promise<void> {
  const status = await approvalStatus(ctx.services, requestId);
  const channel = await ctx.slack.channelId(ctx.settings.approvalChannel);
  await wantCards(ctx.services, requestCard(status.request), channel);
  await tellOutcome(ctx, status);
}
