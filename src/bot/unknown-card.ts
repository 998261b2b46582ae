import { duplicateNote, type Message, staleCardNote, troubleNote } from '../notify/index.ts';
import { type FoundCard, findPresentedCard, postedCards, wantCopy } from '../services/index.ts';
import type { BotContext } from './context.ts';

/**
 * What to tell somebody whose card leads nowhere: it is none of ours, it shows something else than is kept of it, or it
 * was sent twice and is not the one that counts. Then the note says where that one stands.
 */
export async function explainUnknownCard(ctx: BotContext, button: string): Promise<Message> {
  const found = await findPresentedCard(ctx.services, button);
  if (found === null) return troubleNote('unknown_card');
  const { about, kind } = found.posting;
  const [standing] = await postedCards(ctx.services, about, kind);
  const link = standing === undefined ? null : await ctx.slack.permalink(standing);
  return found.meaning === 'same' ? duplicateNote(link) : renew(ctx, found, link);
}

/** The card is shown anew, with buttons that mean what it shows. */
async function renew(
  { services, logger }: BotContext,
  { posting, meaning }: FoundCard,
  link: string | null,
): Promise<Message> {
  const { id, about } = posting;
  if (meaning === 'moved')
    logger.error(
      'a click is refused: its card was about something else than the database says; somebody may be changing postings',
      { posting: id, about },
    );
  else logger.warn('a click is refused: this bot did not make its button', { posting: id, about });
  await wantCopy(services, posting);
  return staleCardNote(link);
}
