import { type Alert, type FindingEvent, type MessageRef, toldEvents } from '../domain/index.ts';
import {
  claimPosting,
  deliveriesOf,
  findFinding,
  findingEvents,
  type Posting,
  postingsAbout,
  standingMessage,
} from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { AlertContext, AlertPlace } from './context.ts';
import { describeAlert } from './describe-alert.ts';
import { inEachPlace } from './in-each-place.ts';
import { routeFindings } from './route-findings.ts';

/**
 * Tells people how a finding stands now, in each channel that it is routed to: one message for its whole life, updated
 * where it stands when the finding changes or ends, and in its thread each step that was not told yet. Where it is told
 * in no channel it returns the finding, for the log; else null.
 */
export async function deliverFinding(ctx: AlertContext, findingId: number): Promise<Alert | null> {
  const found = await findFinding(ctx.db, findingId);
  if (found === null || ctx.alerting.channels.length === 0) return found;
  await routeFindings(ctx, [found]);
  const places = await placesOf(ctx, [findingId]);
  await inEachPlace(ctx, places, [findingId], (place) => deliverTo(ctx, place, findingId));
  return places.length === 0 ? found : null;
}

/** The channels in which findings are told. */
export async function placesOf(ctx: AlertContext, findings: readonly number[]): Promise<AlertPlace[]> {
  const told = new Set((await deliveriesOf(ctx.db, findings)).map(({ receiver }) => receiver));
  return ctx.alerting.channels.filter(({ receiver }) => told.has(receiver));
}

async function deliverTo(ctx: AlertContext, place: AlertPlace, findingId: number): Promise<void> {
  const posting = await postingOf(ctx, { kind: 'alert', about: String(findingId) }, place);
  await showPosting(ctx, posting.id, async (standing) => {
    // Read under the posting's lock: of two deliveries at once, the later one shows the later state.
    const alert = await describeAlert(ctx, findingId);
    return alert === null ? null : place.channel.deliver(alert, standingMessage(standing));
  });
  await tellStory(ctx, place, { findingId, posting: posting.id });
}

/**
 * The message that stands there; or the one in a channel that is no longer configured, for it is kept when alerts move; or
 * a new one.
 */
export async function postingOf(
  { db, newId, alerting }: Pick<AlertContext, 'db' | 'newId' | 'alerting'>,
  claim: { readonly kind: 'alert' | 'alert_storm'; readonly about: string },
  { name: channel }: AlertPlace,
): Promise<Posting> {
  const configured = new Set(alerting.channels.map(({ name }) => name));
  const postings = await postingsAbout(db, claim.kind, claim.about);
  const standing =
    postings.find((posting) => posting.channel === channel) ??
    postings.find((posting) => !configured.has(posting.channel));
  return standing ?? claimPosting(db, { id: newId(), viewDigest: null, ...claim, channel });
}

/** Tells the steps that were not told yet, in order; in the thread of a message that was posted anew, all of them. */
async function tellStory(
  ctx: AlertContext,
  place: AlertPlace,
  { findingId, posting: id }: { readonly findingId: number; readonly posting: string },
): Promise<void> {
  const postings = await postingsAbout(ctx.db, 'alert', String(findingId));
  const posting = postings.find((candidate) => candidate.id === id);
  const root = posting === undefined ? null : standingMessage(posting);
  if (root === null) return;
  const events = (await findingEvents(ctx.db, [findingId])).get(findingId) ?? [];
  for (const event of toldEvents(events)) await tellStep(ctx, place, { findingId, event, root });
}

async function tellStep(
  ctx: AlertContext,
  { channel }: AlertPlace,
  {
    findingId,
    event,
    root,
  }: { readonly findingId: number; readonly event: FindingEvent; readonly root: MessageRef },
): Promise<void> {
  const { db, newId } = ctx;
  const place = { channel: root.channel, thread: root.ts };
  const claim = { id: newId(), kind: 'alert_note' as const, about: String(event.id), viewDigest: null };
  const { id } = await claimPosting(db, { ...claim, ...place });
  await showPosting(ctx, id, async ({ ts }) => {
    if (ts !== null) return null;
    const alert = await describeAlert(ctx, findingId);
    return alert === null ? null : channel.tell(event, alert, root);
  });
}
