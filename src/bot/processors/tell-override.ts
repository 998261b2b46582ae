import type { PersonId } from '../../domain/index.ts';
import { documentationNote, showMessage, skippedNote } from '../../notify/index.ts';
import {
  type OverrideNews,
  type OverrideStatus,
  overrideNoticeIn,
  overrideStatus,
  postedCards,
  showPosting,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';

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
  const account = ctx.services.directory.slackOf(person).find(({ team }) => team === ctx.settings.team);
  if (account === undefined) {
    ctx.logger.warn('a person could not be told of an override: they have no Slack account', {
      person,
      news,
    });
    return;
  }
  const channel = await ctx.slack.directChannel(account.user);
  const { id: notice } = await overrideNoticeIn(ctx.services, telling, channel);
  const place = { channel, posted: null, since: status.override.grantedAt };
  await showPosting(ctx.services, notice, async ({ ts }) =>
    // Once said is enough: a repeated job says nothing.
    ts === null ? showMessage(ctx.slack, place, await noteOf(ctx, status, notice, news)) : null,
  );
}

async function noteOf(ctx: BotContext, { override }: OverrideStatus, notice: string, news: OverrideNews) {
  const [card] = await postedCards(ctx.services, override.id, 'override_card');
  const cardUrl = card === undefined ? null : await ctx.slack.permalink(card);
  const facts = { notice, override, cardUrl, nameOf: ctx.nameOf };
  return news === 'skipped' ? skippedNote(facts) : documentationNote(facts, news);
}
