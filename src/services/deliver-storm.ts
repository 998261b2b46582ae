import type { AlertStorm } from '../domain/index.ts';
import { deliveriesOf, standingMessage } from '../storage/index.ts';
import { showPosting } from './card-postings.ts';
import type { AlertContext, AlertPlace } from './context.ts';
import { placesOf, postingOf } from './deliver-finding.ts';
import { describeStorm } from './describe-alert.ts';
import { inEachPlace } from './in-each-place.ts';
import { routeFindings } from './route-findings.ts';

/**
 * Tells people how the findings of a storm stand now: in each channel those that are routed to it, in one message that is
 * updated where it stands. Where they are told in no channel it returns the storm, for the log; else null.
 */
export async function deliverStorm(ctx: AlertContext, stormId: number): Promise<AlertStorm | null> {
  const storm = await describeStorm(ctx, stormId);
  if (storm === null || ctx.alerting.channels.length === 0) return storm;
  await routeFindings(ctx, storm.alerts);
  const ids = storm.alerts.map(({ id }) => id);
  const places = await placesOf(ctx, ids);
  await inEachPlace(ctx, places, ids, (place) => deliverTo(ctx, place, stormId));
  return places.length === 0 ? storm : null;
}

async function deliverTo(ctx: AlertContext, place: AlertPlace, stormId: number): Promise<void> {
  const posting = await postingOf(ctx, { kind: 'alert_storm', about: String(stormId) }, place);
  await showPosting(ctx, posting.id, async (standing) => {
    const storm = await describeStorm(ctx, stormId);
    if (storm === null) return null;
    const alerts = await toldIn(ctx, place, storm);
    return place.channel.deliverStorm({ ...storm, alerts }, standingMessage(standing));
  });
}

async function toldIn({ db }: AlertContext, { receiver }: AlertPlace, { alerts }: AlertStorm) {
  const deliveries = await deliveriesOf(
    db,
    alerts.map(({ id }) => id),
  );
  const told = new Set(deliveries.filter((row) => row.receiver === receiver).map(({ finding }) => finding));
  return alerts.filter(({ id }) => told.has(id));
}
