import type { ApprovalState } from '../../domain/index.ts';
import { outcomeNote } from '../../notify/index.ts';
import { type ApprovalStatus, postedCards } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { tellOnce } from '../tell-once.ts';

/** An update of the card notifies nobody, and these cannot know it otherwise: who withdraws or submits anew does. */
const NEWS: readonly ApprovalState[] = ['approved', 'rejected', 'lapsed'];

/** Tells those who submitted or made something, once for each time that the request was closed, how it ended. */
export async function tellOutcome(ctx: BotContext, status: ApprovalStatus): Promise<void> {
  const { request, state, decisions } = status;
  if (!NEWS.includes(state) && request.ending !== 'pipeline_changed' && request.ending !== 'artifact_revoked')
    return;
  const { view } = request;
  const closedAt = request.supersededAt ?? request.decidedAt;
  for (const person of view.excluded)
    await tellOnce(ctx, {
      person,
      news: `${request.id} ${state} ${closedAt ?? view.expiresAt}`,
      since: view.requestedAt,
      say: async (notice) => {
        const [card] = await postedCards(ctx.services, request.id);
        const cardUrl = card === undefined ? null : await ctx.slack.permalink(card);
        const { ending } = request;
        return outcomeNote({ notice, view, state, ending, closedAt, decisions, cardUrl, nameOf: ctx.nameOf });
      },
    });
}
