import type { MessageRef } from '../domain/index.ts';
import { mayHaveHappened, type TurnCalls } from '../notify/index.ts';
import { type ApprovalStatus, approvalStatus, type CardCopy, type ShownCard } from '../services/index.ts';
import type { BotContext } from './context.ts';
import { renderCard } from './render.ts';

/**
 * Brings one copy of a card to how its request stands now: updates it where it stands, or finds it there, or posts it.
 * Null where there is nothing to show any more.
 */
export async function showCopy(ctx: BotContext, calls: TurnCalls, copy: CardCopy): Promise<ShownCard | null> {
  const status = await approvalStatus(ctx.services, copy.posting.about);
  const known = copy.standing;
  if (
    known !== null &&
    (await calls.update(known, renderCard(ctx, status, copy.posting.presentation))) === 'updated'
  )
    return { ref: known, presentationId: copy.posting.presentation };
  const taken = await takeOver(ctx, calls, copy, status);
  if (taken !== null) return taken;
  if (known === null && ['superseded', 'withdrawn'].includes(status.state)) return null;
  return post(ctx, calls, copy, status);
}

/** The message of an earlier sending, whose fate was unknown until now; null when there is none to be found. */
async function takeOver(
  ctx: BotContext,
  calls: TurnCalls,
  copy: CardCopy,
  status: ApprovalStatus,
): Promise<ShownCard | null> {
  for (const { id, begunAt } of copy.unsettled) {
    const card = renderCard(ctx, status, id);
    const found = await lookFor(ctx, calls, copy, { metadata: card.metadata, since: begunAt });
    if (found !== null && (await calls.update(found, card)) === 'updated')
      return { ref: found, presentationId: id };
  }
  return null;
}

async function lookFor(
  { logger }: BotContext,
  calls: TurnCalls,
  { posting: { about, channel, thread } }: CardCopy,
  sending: {
    readonly metadata: ReturnType<typeof renderCard>['metadata'];
    readonly since: string;
  },
): Promise<MessageRef | null> {
  const { metadata, since } = sending;
  if (metadata === undefined) return null;
  const found = await calls.findPosted({ channel, thread, since }, metadata);
  if (typeof found !== 'string') return found;
  if (found === 'unreadable')
    logger.warn(
      'a card may stand twice, since the history of its channel cannot be read; only the new one counts',
      {
        request: about,
        channel,
      },
    );
  return null;
}

async function post(
  ctx: BotContext,
  calls: TurnCalls,
  { posting, begin, abandon }: CardCopy,
  status: ApprovalStatus,
): Promise<ShownCard> {
  const presentationId = await begin();
  try {
    const ref = await calls.post(renderCard(ctx, status, presentationId), posting.thread);
    return { ref, presentationId };
  } catch (error) {
    if (!mayHaveHappened(error)) await abandon(presentationId);
    throw error;
  }
}
