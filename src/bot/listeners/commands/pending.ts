import { type Message, type PendingRow, pendingReply } from '../../../notify/index.ts';
import { type ApprovalStatus, pendingApprovals, postedCards } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';

const SIZE = 10;

/** `/governance pending`. */
export async function answerPending(ctx: BotContext, page: number): Promise<Message> {
  const waiting = await pendingApprovals(ctx.services);
  const rows = await Promise.all(
    waiting.slice((page - 1) * SIZE, page * SIZE).map((status) => rowOf(ctx, status)),
  );
  return pendingReply({
    rows,
    total: waiting.length,
    page,
    more: waiting.length > page * SIZE,
    command: 'pending',
    now: ctx.services.clock.now(),
    nameOf: ctx.nameOf,
  });
}

async function rowOf(ctx: BotContext, status: ApprovalStatus): Promise<PendingRow> {
  const [card] = await postedCards(ctx.services, status.request.id);
  return {
    view: status.request.view,
    openRoles: status.openRoles,
    cardUrl: card === undefined ? null : await ctx.slack.permalink(card),
  };
}
