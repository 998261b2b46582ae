import type { PersonId } from '../../domain/index.ts';
import { decidedForYouNote, delegationNote } from '../../notify/index.ts';
import {
  approvalStatus,
  type DelegationNews,
  delegationNow,
  postedCards,
  requestOf,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { tellOnce } from '../tell-once.ts';

/** Tells one side of a delegation that it has begun or ended. That one began which has ended meanwhile is told nobody. */
export async function tellDelegation(
  ctx: BotContext,
  { id, news, person }: { readonly id: string; readonly news: DelegationNews; readonly person: PersonId },
): Promise<void> {
  const delegation = await delegationNow(ctx.services, id);
  if (news === 'started' && delegation.ended) return;
  await tellOnce(ctx, {
    person,
    news: `${id} ${news}`,
    since: delegation.from,
    say: async (notice) => delegationNote({ notice, delegation, reader: person, nameOf: ctx.nameOf }, news),
  });
}

/** Tells somebody what was decided in their place; nothing where it was taken back meanwhile. */
export async function tellDelegator(ctx: BotContext, decision: string): Promise<void> {
  const requestId = await requestOf(ctx.services, decision);
  if (requestId === null) return;
  const { request, decisions } = await approvalStatus(ctx.services, requestId);
  const given = decisions.find(({ statement }) => statement === decision);
  if (given?.onBehalfOf === undefined) return;
  await tellOnce(ctx, {
    person: given.onBehalfOf.person,
    news: decision,
    since: given.decidedAt,
    say: async (notice) => {
      const [card] = await postedCards(ctx.services, requestId);
      const cardUrl = card === undefined ? null : await ctx.slack.permalink(card);
      const runUrl = ctx.settings.runUrl(request.runId);
      return decidedForYouNote({ notice, view: request.view, given, cardUrl, runUrl, nameOf: ctx.nameOf });
    },
  });
}
