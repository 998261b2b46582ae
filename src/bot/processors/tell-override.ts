import type { PersonId } from '../../domain/index.ts';
import { documentationNote, skippedNote } from '../../notify/index.ts';
import { type OverrideNews, type OverrideStatus, overrideStatus, postedCards } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { tellOnce } from '../tell-once.ts';

/** Whom to tell what of which override. */
export interface OverrideTelling {
  readonly overrideId: string;
  readonly news: OverrideNews;
  readonly person: PersonId;
}

/** Tells one person, in their direct messages and once. Nobody is asked for a documentation that was given meanwhile. */
export async function tellOverride(ctx: BotContext, telling: OverrideTelling): Promise<void> {
  const { overrideId, news, person } = telling;
  const status = await overrideStatus(ctx.services, overrideId);
  if (news !== 'skipped' && status.documentation === 'documented') return;
  await tellOnce(ctx, {
    person,
    news: `${overrideId} ${news}`,
    since: status.override.grantedAt,
    say: (notice) => noteOf(ctx, status, notice, news),
  });
}

async function noteOf(ctx: BotContext, { override }: OverrideStatus, notice: string, news: OverrideNews) {
  const [card] = await postedCards(ctx.services, override.id, 'override_card');
  const cardUrl = card === undefined ? null : await ctx.slack.permalink(card);
  const facts = { notice, override, cardUrl, nameOf: ctx.nameOf };
  return news === 'skipped' ? skippedNote(facts) : documentationNote(facts, news);
}
