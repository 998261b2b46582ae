import { showMessage } from '../../notify/index.ts';
import { approvalStatus, cardsOf, showPosting } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { renderCard } from '../render.ts';

/** Posts a request's card, or brings every copy of it up to date. */
export async function showApprovalCard(ctx: BotContext, requestId: string): Promise<void> {
  const { request } = await approvalStatus(ctx.services, requestId);
  const channel = await ctx.slack.channelId(ctx.settings.approvalChannel);
  for (const { id } of await cardsOf(ctx.services, request, channel)) await showCopy(ctx, requestId, id);
}

/** Reads how the request stands only once the copy is locked, so that an older state never overwrites a newer one. */
export async function showCopy(ctx: BotContext, requestId: string, postingId: string): Promise<void> {
  await showPosting(ctx.services, postingId, async ({ id, channel, ts }) => {
    const status = await approvalStatus(ctx.services, requestId);
    if (ts === null && status.state === 'superseded') return null;
    const place = {
      channel,
      posted: ts === null ? null : { channel, ts },
      since: status.request.view.requestedAt,
    };
    return showMessage(ctx.slack, place, renderCard(ctx, status, id));
  });
}
