import { claimPosting, findFinding } from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { AlertContext } from './context.ts';

/**
 * Tells people how a finding stands now: one message for its whole life, updated when it is resolved. Does nothing
 * where no alert channel is configured.
 */
export async function deliverFinding(ctx: AlertContext, findingId: number): Promise<void> {
  if (ctx.alertChannel === null) return;
  const { name, channel } = ctx.alertChannel;
  const about = String(findingId);
  const posting = await claimPosting(ctx.db, {
    id: ctx.newId(),
    kind: 'alert',
    about,
    viewDigest: null,
    channel: name,
  });
  await showPosting(ctx, posting.id, async ({ channel: posted, ts }) => {
    const alert = await findFinding(ctx.db, findingId);
    return alert === null ? null : channel.deliver(alert, ts === null ? null : { channel: posted, ts });
  });
}
