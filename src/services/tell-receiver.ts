import type { AlertNotice, AlertReceiver, Instant } from '../domain/index.ts';
import { CountersignError, ownerOf } from '../domain/index.ts';
import { later, MINUTE, SECOND } from '../lib/index.ts';
import {
  claimDeliveries,
  type FindingRow,
  findingEvents,
  findingsById,
  findReceiver,
  markEventTold,
  markTold,
  markUntold,
  noteReceiver,
  overtakenFindings,
  receiversDue,
} from '../storage/index.ts';
import type { AlertContext } from './context.ts';
import { withHandling } from './describe-alert.ts';

/** What telling receivers takes. */
type Ctx = Pick<AlertContext, 'db' | 'clock' | 'alerting'>;

type Claimed = Awaited<ReturnType<typeof claimDeliveries>>[number];

/** Findings whose state is told in one request. */
const MOST_AT_ONCE = 200;
/** Whoever claims something and dies lets it go after this time; no request takes as long. */
const LEASE = 2 * MINUTE;
/** A receiver that has restarted since it was told of the end hears of it again. */
const END_RETOLD = 15 * MINUTE;
const LONGEST_REST = 15 * MINUTE;

/** What came of telling a receiver. */
export interface Telling {
  /** How many findings it was told of, or need not be told of any more. */
  readonly told: number;
  /** Why it took nothing; null where there was nothing to take, or it took it. */
  readonly failure: string | null;
}

const NOTHING: Telling = { told: 0, failure: null };

/** The receivers of this process for which something is due. */
export async function receiversToTell({ db, clock, alerting }: Ctx): Promise<AlertReceiver[]> {
  const due = new Set(await receiversDue(db, clock.now()));
  return alerting.receivers.filter(({ name }) => due.has(name));
}

/**
 * Tells a receiver some of what is due for it; nothing while it rests or is gone. What it does not take is put off, longer
 * each time, and never dropped.
 */
export async function tellReceiver(ctx: Ctx, receiver: AlertReceiver): Promise<Telling> {
  const now = ctx.clock.now();
  const known = await findReceiver(ctx.db, receiver.name);
  if (known === null || known.goneAt !== null || (known.restsUntil ?? now) > now) return NOTHING;
  const limit = receiver.takes === 'states' ? MOST_AT_ONCE : 1;
  const lease = { now, until: later(now, LEASE), limit };
  const due = await claimDeliveries(ctx.db, receiver.name, lease);
  const claimed = receiver.takes === 'states' ? await standing(ctx, receiver, due, now) : due;
  if (claimed.length === 0) return { told: due.length, failure: null };
  try {
    const isGone = (await tell(ctx, receiver, claimed, now)) === 'gone';
    await noteReceiver(ctx.db, receiver.name, { kind: isGone ? 'gone' : 'took' }, ctx.clock.now());
    return isGone
      ? { told: 0, failure: 'it wants to be told nothing any more' }
      : { told: claimed.length, failure: null };
  } catch (error) {
    const failure = error instanceof CountersignError ? error.message : 'an error of our own, see the log';
    await putOff(ctx, receiver, claimed, { tries: known.tries, failure });
    if (!(error instanceof CountersignError)) throw error;
    return { told: 0, failure };
  }
}

/**
 * An end is told no more once the same finding has fired anew: to a receiver of states both are one, and the older state
 * would undo the newer one. Returns what is left.
 */
async function standing(
  { db }: Ctx,
  { name }: AlertReceiver,
  due: readonly Claimed[],
  now: Instant,
): Promise<Claimed[]> {
  const ids = due.map(({ finding }) => finding);
  const overtaken = await overtakenFindings(db, name, ids);
  const over = due.filter(({ finding }) => overtaken.has(finding));
  await markTold(
    db,
    name,
    over.map((claim) => ({ ...claim, next: null })),
    now,
  );
  return due.filter(({ finding }) => !overtaken.has(finding));
}

function tell(ctx: Ctx, receiver: AlertReceiver, claimed: readonly Claimed[], now: Instant) {
  return receiver.takes === 'states'
    ? tellStates(ctx, receiver, claimed, now)
    : tellEvents(ctx, receiver, claimed, now);
}

async function tellStates(
  ctx: Ctx,
  receiver: AlertReceiver,
  claimed: readonly Claimed[],
  now: Instant,
): Promise<'taken' | 'gone'> {
  const rows = await findingsById(
    ctx.db,
    claimed.map(({ finding }) => finding),
  );
  const outcome = await receiver.send(await statesOf(ctx, rows), now);
  if (outcome === 'gone') return outcome;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const taken = claimed.map((claim) => {
    const next = nextTelling(byId.get(claim.finding), later(now, receiver.resendEvery));
    return { ...claim, next };
  });
  await markTold(ctx.db, receiver.name, taken, now);
  return outcome;
}

function nextTelling(row: FindingRow | undefined, next: Instant): Instant | null {
  if (row === undefined) return null;
  const isOver = row.resolvedAt !== null && next > later(row.resolvedAt, END_RETOLD);
  return isOver ? null : next;
}

async function statesOf(ctx: Ctx, rows: readonly FindingRow[]): Promise<AlertNotice[]> {
  const alerts = await withHandling(ctx, rows);
  return alerts.map((alert) => ({ alert, owner: ownerOf(ctx.alerting.policy, alert.finding), event: null }));
}

/** Each step once and in order. What was taken is noted at once, so that little is sent twice after a crash. */
async function tellEvents(
  ctx: Ctx,
  receiver: AlertReceiver,
  claimed: readonly Claimed[],
  now: Instant,
): Promise<'taken' | 'gone'> {
  for (const claim of claimed) {
    const [state] = await statesOf(ctx, await findingsById(ctx.db, [claim.finding]));
    const events = (await findingEvents(ctx.db, [claim.finding])).get(claim.finding) ?? [];
    let { event: last } = claim;
    for (const event of events.filter(({ id }) => id > claim.event)) {
      if (state !== undefined && (await receiver.send([{ ...state, event }], now)) === 'gone') return 'gone';
      last = event.id;
      await markEventTold(ctx.db, receiver.name, { finding: claim.finding, event: last });
    }
    await markTold(ctx.db, receiver.name, [{ ...claim, event: last, next: null }], now);
  }
  return 'taken';
}

async function putOff(
  { db, clock }: Ctx,
  { name }: AlertReceiver,
  claimed: readonly Claimed[],
  { tries, failure }: { readonly tries: number; readonly failure: string },
): Promise<void> {
  const now = clock.now();
  const late = claimed.map(({ finding, tries: before }) => ({
    finding,
    until: later(now, restAfter(before)),
  }));
  await markUntold(db, name, late, failure);
  await noteReceiver(db, name, { kind: 'failed', failure, until: later(now, restAfter(tries)) }, now);
}

/** Two seconds, doubling, a quarter of an hour at most. */
function restAfter(failures: number): number {
  return Math.min(2 * SECOND * 2 ** Math.min(failures, 12), LONGEST_REST);
}
