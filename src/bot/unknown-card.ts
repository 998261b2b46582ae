import { duplicateNote, type Message, troubleNote } from '../notify/index.ts';
import { findPresentedCard, postedCards } from '../services/index.ts';
import type { BotContext } from './context.ts';

/**
 * What to tell somebody whose card leads nowhere: it is none of ours, or it was sent twice and is not the one that
 * counts. Then the note says where that one stands.
 */
export async function explainUnknownCard(ctx: BotContext, presentationId: string): Promise<Message> {
  const found = await findPresentedCard(ctx.services, presentationId);
  if (found === null) return troubleNote('unknown_card');
  const [standing] = await postedCards(ctx.services, found.posting.about, found.posting.kind);
  return duplicateNote(standing === undefined ? null : await ctx.slack.permalink(standing));
}
