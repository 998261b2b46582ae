import { CountersignError } from '../../domain/index.ts';
import { escalationNote, showMessage } from '../../notify/index.ts';
import { approvalStatus, noticeIn, postedCards, showPosting } from '../../services/index.ts';
import type { BotContext } from '../context.ts';

/**
 * Tells the thread of the first card, and the channel that the pipeline names, that a request was escalated and who
 * was asked. Nothing is said once the request is decided. Each place is told whatever becomes of the other; where the
 * pipeline names a channel that the bot does not see, the thread says so.
 */
export async function tellEscalation(
  ctx: BotContext,
  about: { readonly requestId: string; readonly hop: string },
): Promise<void> {
  const status = await approvalStatus(ctx.services, about.requestId);
  const escalation = status.escalations.find(({ hop }) => hop === about.hop);
  if (status.state !== 'pending' || escalation === undefined) return;
  const [card] = await postedCards(ctx.services, about.requestId);
  const { asked, channel: named } = escalation;
  const [search] = await Promise.allSettled([named === null ? null : ctx.slack.channelId(named)]);
  const unseen = isUnknown(search) ? named : null;
  if (unseen !== null)
    ctx.logger.warn('a pipeline escalates to a channel that the bot does not see', { unseen });
  const cardUrl = card === undefined ? null : await ctx.slack.permalink(card);
  const tell = async (channel: string, thread: string | null): Promise<void> => {
    const { id: notice } = await noticeIn(ctx.services, about, channel);
    const { missingRoles, request } = status;
    const facts = { notice, view: request.view, missingRoles, cardUrl, now: ctx.services.clock.now() };
    const message = escalationNote({ ...facts, asked, unseen, nameOf: ctx.nameOf });
    const place = { channel, posted: null, since: request.view.requestedAt, thread };
    await showPosting(ctx.services, notice, async ({ ts }) =>
      ts === null ? showMessage(ctx.slack, place, message) : null,
    );
  };
  const told = await Promise.allSettled([
    ...(card === undefined ? [] : [tell(card.channel, card.ts)]),
    ...(search.status === 'rejected' || search.value === null ? [] : [tell(search.value, null)]),
  ]);
  const failed = [...told, search].find((each) => each.status === 'rejected' && !isUnknown(each));
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Whether Slack was asked for a channel, and the bot sees none of that name: asking again would change nothing. */
function isUnknown(search: PromiseSettledResult<unknown>): boolean {
  return (
    search.status === 'rejected' &&
    search.reason instanceof CountersignError &&
    search.reason.code === 'not_found'
  );
}
