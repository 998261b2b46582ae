import type { MessageRef } from '../domain/index.ts';
import { type Message, mayHaveHappened, type TurnCalls } from '../notify/index.ts';
import type { CardCopy, ShownCard } from '../services/index.ts';
import type { BotContext } from './context.ts';
import { type Rendering, renderingOf } from './render.ts';

/**
 * Brings one copy of a card to how things stand now: updates it where it stands, or finds it there, or posts it.
 * Null where there is nothing to show any more.
 */
export async function showCopy(ctx: BotContext, calls: TurnCalls, copy: CardCopy): Promise<ShownCard | null> {
  const card = await renderingOf(ctx, copy.posting);
  const known = copy.standing;
  const { presentation } = copy.posting;
  if (known !== null && (await calls.update(known, card.show(presentation))) === 'updated')
    return { ref: known, presentationId: presentation };
  const taken = await takeOver(ctx, calls, copy, card);
  if (taken !== null) return taken;
  if (known === null && card.isMoot) return null;
  return post(calls, copy, card);
}

/** The message of an earlier sending, whose fate was unknown until now; null when there is none to be found. */
async function takeOver(
  ctx: BotContext,
  calls: TurnCalls,
  copy: CardCopy,
  card: Rendering,
): Promise<ShownCard | null> {
  for (const { id, begunAt } of copy.unsettled) {
    const message = card.show(id);
    const found = await lookFor(ctx, calls, copy, { metadata: message.metadata, since: begunAt });
    if (found !== null && (await calls.update(found, message)) === 'updated')
      return { ref: found, presentationId: id };
  }
  return null;
}

async function lookFor(
  { logger }: BotContext,
  calls: TurnCalls,
  { posting: { about, channel, thread } }: CardCopy,
  sending: {
    readonly metadata: Message['metadata'];
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
        about,
        channel,
      },
    );
  return null;
}

async function post(
  calls: TurnCalls,
  { posting, begin, abandon }: CardCopy,
  card: Rendering,
): Promise<ShownCard> {
  const presentationId = await begin();
  try {
    const ref = await calls.post(card.show(presentationId), posting.thread);
    return { ref, presentationId };
  } catch (error) {
    if (!mayHaveHappened(error)) await abandon(presentationId);
    throw error;
  }
}
