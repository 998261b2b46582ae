import type { PersonId } from '../../domain/index.ts';
import { reminderNote, showMessage } from '../../notify/index.ts';
import {
  type ApprovalStatus,
  approvalStatus,
  canHelp,
  copyCard,
  noticeIn,
  postedCards,
  requestCard,
  showPosting,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';

/** Whom to ask, and at which hop of which request. */
export interface Ask {
  readonly requestId: string;
  readonly hop: string;
  readonly person: PersonId;
}

/**
 * Asks one person in their direct messages: with a card of their own the first time, with a reminder below it later.
 * Nothing is sent where the request was decided meanwhile, or they could no longer help.
 */
export async function askApprover(ctx: BotContext, ask: Ask): Promise<void> {
  const status = await approvalStatus(ctx.services, ask.requestId);
  if (status.state !== 'pending' || !(await canHelp(ctx.services, status, ask.person))) return;
  const account = ctx.services.directory.slackOf(ask.person).find(({ team }) => team === ctx.settings.team);
  if (account === undefined) {
    ctx.logger.warn('a person who could decide has no Slack account', { person: ask.person });
    return;
  }
  const channel = await ctx.slack.directChannel(account.user);
  const card = await copyCard(ctx.services, requestCard(status.request), { channel });
  if (card.ts !== null) await remind(ctx, ask, status, channel);
}

async function remind(ctx: BotContext, ask: Ask, status: ApprovalStatus, channel: string): Promise<void> {
  const { id: notice } = await noticeIn(ctx.services, ask, channel);
  const { view } = status.request;
  const card = (await postedCards(ctx.services, ask.requestId)).find((ref) => ref.channel === channel);
  const cardUrl = card === undefined ? null : await ctx.slack.permalink(card);
  const { missingRoles } = status;
  const now = ctx.services.clock.now();
  await showPosting(ctx.services, notice, async ({ ts }) =>
    // Once said is enough: a repeated job says nothing.
    ts === null
      ? showMessage(
          ctx.slack,
          { channel, posted: null, since: view.requestedAt },
          reminderNote({ notice, view, missingRoles, cardUrl, now }),
        )
      : null,
  );
}
