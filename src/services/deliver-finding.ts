import type { Alert } from '../domain/index.ts';
import { claimPosting, findFinding, type Posting, postingsAbout, standingMessage } from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { AlertContext } from './context.ts';

/**
 * Tells people how a finding stands now: one message for its whole life, updated where it stands when the finding
 * changes or ends. Where no alert channel is configured it returns the finding, for the log; else null.
 */
export async function deliverFinding(ctx: AlertContext, findingId: number): Promise<Alert | null> {
  const { alertChannel, db } = ctx;
  const found = await findFinding(db, findingId);
  if (alertChannel === null || found === null) return found;
  const posting = await postingOf(ctx, findingId, alertChannel.name);
  await showPosting(ctx, posting.id, async (standing) => {
    // Read under the posting's lock: of two deliveries at once, the later one shows the later state.
    const alert = await findFinding(db, findingId);
    return alert === null ? null : alertChannel.channel.deliver(alert, standingMessage(standing));
  });
  return null;
}

/** The message that stands, in whatever channel it was posted; a new one in the channel of today where there is none. */
async function postingOf({ db, newId }: AlertContext, findingId: number, channel: string): Promise<Posting> {
  const about = String(findingId);
  const [standing] = await postingsAbout(db, 'alert', about);
  return standing ?? claimPosting(db, { id: newId(), kind: 'alert', about, viewDigest: null, channel });
}
