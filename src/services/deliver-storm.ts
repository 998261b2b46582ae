import type { AlertStorm } from '../domain/index.ts';
import { findStorm, standingMessage } from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { AlertContext } from './context.ts';
import { postingOf } from './deliver-finding.ts';
import { describeStorm } from './describe-alert.ts';

/**
 * Tells people how the findings of a storm stand now, all in one message that is updated where it stands. Where no alert
 * channel is configured it returns the storm, for the log; else null.
 */
export async function deliverStorm(ctx: AlertContext, stormId: number): Promise<AlertStorm | null> {
  const { alertChannel, db } = ctx;
  if (alertChannel === null) return describeStorm(ctx, stormId);
  if ((await findStorm(db, stormId)) === null) return null;
  const claim = { kind: 'alert_storm' as const, about: String(stormId), channel: alertChannel.name };
  const posting = await postingOf(ctx, claim);
  await showPosting(ctx, posting.id, async (standing) => {
    const storm = await describeStorm(ctx, stormId);
    return storm === null ? null : alertChannel.channel.deliverStorm(storm, standingMessage(standing));
  });
  return null;
}
