import { troubleNote } from '../../../notify/index.ts';
import type { BotContext } from '../../context.ts';
import { clickKey } from '../../decision.ts';
import { reasonOf, troubleOf } from '../../failure.ts';
import type { Click } from '../../payload.ts';
import type { Acknowledge } from '../listener.ts';

/**
 * Keeps a click in the inbox, then acknowledges it; the answer follows from there, whatever happens to this process. Where
 * it cannot be kept, the person is told that nothing was recorded, or that nobody knows.
 */
export async function keepClick(
  ctx: BotContext,
  click: Click,
  payload: Readonly<Record<string, unknown>>,
  acknowledge: Acknowledge,
): Promise<void> {
  try {
    await ctx.inbox.receive({ dedupeKey: clickKey(click), payload });
  } catch (error) {
    ctx.logger.error('a click could not be kept', { reason: reasonOf(error) });
    await acknowledge();
    await ctx.slack.tell(click.account.user, click.channel, troubleNote(troubleOf(error)));
    return;
  }
  await acknowledge();
}
