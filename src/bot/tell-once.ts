import type { Instant, PersonId } from '../domain/index.ts';
import { type Message, showMessage } from '../notify/index.ts';
import { newsIn, showPosting } from '../services/index.ts';
import type { BotContext } from './context.ts';

/** Something that one person is told. */
export interface Telling {
  readonly person: PersonId;
  /** Names the news: the same is told to the same person once, however often the job is repeated. */
  readonly news: string;
  /** When it can have been told at the earliest. */
  readonly since: Instant;
  /** Makes the message; `notice` must be in its metadata, by which it is found again. */
  say(notice: string): Promise<Message>;
}

/** Tells one person something in their direct messages, once. Whoever has no Slack account here is only logged. */
export async function tellOnce(ctx: BotContext, { person, news, since, say }: Telling): Promise<void> {
  const account = ctx.services.directory.slackOf(person).find(({ team }) => team === ctx.settings.team);
  if (account === undefined) {
    ctx.logger.warn('a person could not be told: they have no Slack account', { person, news });
    return;
  }
  const channel = await ctx.slack.directChannel(account.user);
  const { id: notice } = await newsIn(ctx.services, `news ${news} ${person}`, channel);
  const place = { channel, posted: null, since };
  await showPosting(ctx.services, notice, async ({ ts }) =>
    // Once said is enough: a repeated job says nothing.
    ts === null ? showMessage(ctx.slack, place, await say(notice)) : null,
  );
}
