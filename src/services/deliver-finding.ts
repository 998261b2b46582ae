import { type Alert, type FindingEvent, type MessageRef, toldEvents } from '../domain/index.ts';
import {
  claimPosting,
  findFinding,
  findingEvents,
  type Posting,
  postingsAbout,
  standingMessage,
} from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { AlertContext } from './context.ts';
import { describeAlert } from './describe-alert.ts';

/**
 * Tells people how a finding stands now: one message for its whole life, updated where it stands when the finding
 * changes or ends, and in its thread each step that was not told yet. Where no alert channel is configured it returns
 * the finding, for the log; else null.
 */
export async function deliverFinding(ctx: AlertContext, findingId: number): Promise<Alert | null> {
  const { alertChannel, db } = ctx;
  const found = await findFinding(db, findingId);
  if (alertChannel === null || found === null) return found;
  const posting = await postingOf(ctx, {
    kind: 'alert',
    about: String(findingId),
    channel: alertChannel.name,
  });
  await showPosting(ctx, posting.id, async (standing) => {
    // Read under the posting's lock: of two deliveries at once, the later one shows the later state.
    const alert = await describeAlert(ctx, findingId);
    return alert === null ? null : alertChannel.channel.deliver(alert, standingMessage(standing));
  });
  await tellStory(ctx, findingId);
  return null;
}

/** The message that stands, in whatever channel it was posted; a new one in the channel of today where there is none. */
export async function postingOf(
  { db, newId }: Pick<AlertContext, 'db' | 'newId'>,
  claim: { readonly kind: 'alert' | 'alert_storm'; readonly about: string; readonly channel: string },
): Promise<Posting> {
  const [standing] = await postingsAbout(db, claim.kind, claim.about);
  return standing ?? claimPosting(db, { id: newId(), viewDigest: null, ...claim });
}

/** Tells the steps that were not told yet, in order; in the thread of a message that was posted anew, all of them. */
async function tellStory(ctx: AlertContext, findingId: number): Promise<void> {
  const [posting] = await postingsAbout(ctx.db, 'alert', String(findingId));
  const root = posting === undefined ? null : standingMessage(posting);
  if (root === null) return;
  const events = (await findingEvents(ctx.db, [findingId])).get(findingId) ?? [];
  for (const event of toldEvents(events)) await tellStep(ctx, findingId, event, root);
}

async function tellStep(
  ctx: AlertContext,
  findingId: number,
  event: FindingEvent,
  root: MessageRef,
): Promise<void> {
  const { db, newId, alertChannel } = ctx;
  const place = { channel: root.channel, thread: root.ts };
  const claim = { id: newId(), kind: 'alert_note' as const, about: String(event.id), viewDigest: null };
  const { id } = await claimPosting(db, { ...claim, ...place });
  await showPosting(ctx, id, async ({ ts }) => {
    if (ts !== null || alertChannel === null) return null;
    const alert = await describeAlert(ctx, findingId);
    return alert === null ? null : alertChannel.channel.tell(event, alert, root);
  });
}
