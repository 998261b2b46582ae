import { later, MINUTE } from '../lib/index.ts';
import { deliveriesOf, markTold, markUntold, noteReceiver } from '../storage/index.ts';
import type { AlertContext, AlertPlace } from './context.ts';

/** The queue tries again by itself; this is when it would be noticed that it does not. */
const TRIED_AGAIN = MINUTE;

/**
 * Tells of findings in each channel at once, so that none waits for another, and notes what became of it. Fails when
 * all are done, if any failed.
 */
export async function inEachPlace(
  ctx: Pick<AlertContext, 'db' | 'clock'>,
  places: readonly AlertPlace[],
  findings: readonly number[],
  tell: (place: AlertPlace) => Promise<void>,
): Promise<void> {
  const outcomes = await Promise.allSettled(places.map((place) => tellIn(ctx, place, findings, tell)));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 1)
    throw new AggregateError(failures, failures.map((failure) => String(failure)).join('; '));
  if (failures.length === 1) throw failures[0];
}

async function tellIn(
  ctx: Pick<AlertContext, 'db' | 'clock'>,
  place: AlertPlace,
  findings: readonly number[],
  tell: (place: AlertPlace) => Promise<void>,
): Promise<void> {
  const { db } = ctx;
  const { receiver } = place;
  const wanted = (await deliveriesOf(db, findings)).filter((delivery) => delivery.receiver === receiver);
  try {
    await tell(place);
  } catch (error) {
    await noteFailure(ctx, receiver, wanted, error);
    throw error;
  }
  const now = ctx.clock.now();
  const taken = wanted.map((delivery) => ({ ...delivery, event: 0, next: null }));
  await markTold(db, receiver, taken, now);
  await noteReceiver(db, receiver, { kind: 'took' }, now);
}

async function noteFailure(
  { db, clock }: Pick<AlertContext, 'db' | 'clock'>,
  receiver: string,
  wanted: readonly { readonly finding: number }[],
  error: unknown,
): Promise<void> {
  const now = clock.now();
  const failure = error instanceof Error ? error.message : String(error);
  const until = later(now, TRIED_AGAIN);
  const late = wanted.map(({ finding }) => ({ finding, until, isRefused: false }));
  await markUntold(db, receiver, late, failure);
  await noteReceiver(db, receiver, { kind: 'failed', failure, until }, now);
}
