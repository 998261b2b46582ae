import { escalationNote, showMessage } from '../../notify/index.ts';
import { approvalStatus, noticeIn, postedCards, showPosting } from '../../services/index.ts';
import type { BotContext } from '../context.ts';

/**
 * Tells the thread of the first card, and the channel that the pipeline names, that a request was escalated and who
 * was asked. Nothing is said once the request is decided.
 */
export async function tellEscalation(
  ctx: BotContext,
  about: { readonly requestId: string; readonly hop: string },
): Promise<void> {
  const status = await approvalStatus(ctx.services, about.requestId);
  const escalation = status.escalations.find(({ hop }) => hop === about.hop);
  if (status.state !== 'pending' || escalation === undefined) return;
  const [card] = await postedCards(ctx.services, about.requestId);
  const places = [
    ...(card === undefined ? [] : [{ channel: card.channel, thread: card.ts }]),
    ...(escalation.channel === null
      ? []
      : [{ channel: await ctx.slack.channelId(escalation.channel), thread: null }]),
  ];
  const cardUrl = card === undefined ? null : await ctx.slack.permalink(card);
  for (const { channel, thread } of places) {
    const { id: notice } = await noticeIn(ctx.services, about, channel);
    const { missingRoles, request } = status;
    const facts = { notice, view: request.view, missingRoles, cardUrl, now: ctx.services.clock.now() };
    const message = escalationNote({ ...facts, asked: escalation.asked, nameOf: ctx.nameOf });
    const place = { channel, posted: null, since: request.view.requestedAt, thread };
    await showPosting(ctx.services, notice, async ({ ts }) =>
      ts === null ? showMessage(ctx.slack, place, message) : null,
    );
  }
}
