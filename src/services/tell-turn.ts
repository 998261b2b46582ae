import {
  type AlertNotice,
  type AlertReceiver,
  CountersignError,
  type Instant,
  ownerOf,
} from '../domain/index.ts';
import { later, MINUTE, SECOND } from '../lib/index.ts';
import {
  type ClaimedDelivery,
  type FindingRow,
  findingEvents,
  findingsById,
  markEventTold,
  markTold,
  markUntold,
} from '../storage/index.ts';
import type { AlertContext } from './context.ts';
import { withHandling } from './describe-alert.ts';

type Ctx = Pick<AlertContext, 'db' | 'clock' | 'alerting'>;

/** One time that a receiver is told something. */
export interface Turn {
  readonly ctx: Ctx;
  readonly receiver: AlertReceiver;
  readonly now: Instant;
  /** What was claimed and is not settled yet, by finding. */
  readonly open: Map<number, ClaimedDelivery>;
  /** How much it took. */
  took: number;
  refusals: number;
  /** Why it refused something last; null where it did not. */
  refusal: string | null;
}

/** So many refusals with nothing taken in between are no fault of what is told. */
export const MOST_REFUSED = 8;
/** A receiver that has restarted since it was told of the end hears of it again. */
const END_RETOLD = 15 * MINUTE;
const LONGEST_REST = 15 * MINUTE;

/** A turn of which nothing is told yet. */
export function beginTurn(
  ctx: Ctx,
  receiver: AlertReceiver,
  claimed: readonly ClaimedDelivery[],
  now: Instant,
): Turn {
  const open = new Map(claimed.map((claim) => [claim.finding, claim]));
  return { ctx, receiver, now, open, took: 0, refusals: 0, refusal: null };
}

/**
 * Tells what was claimed, and notes of each what became of it at once, so that little is sent twice after a crash.
 * @throws what the receiver throws where that is no fault of what it was told
 */
export function tell(turn: Turn): Promise<'taken' | 'gone'> {
  return turn.receiver.takes === 'states' ? tellStates(turn) : tellEvents(turn);
}

/**
 * Two seconds, doubling, a quarter of an hour at most; a receiver of states no longer than it may be silent, for what
 * fires would seem to be over.
 */
export function restAfter({ takes, resendEvery }: AlertReceiver, failures: number): number {
  const longest = takes === 'states' ? Math.min(resendEvery, LONGEST_REST) : LONGEST_REST;
  return Math.min(backOff(failures), longest);
}

function backOff(failures: number): number {
  return Math.min(2 * SECOND * 2 ** Math.min(failures, 12), LONGEST_REST);
}

/** All at once; where something of it is refused, in halves, until it is known what. */
async function tellStates(turn: Turn): Promise<'taken' | 'gone'> {
  const { ctx, receiver, now, open } = turn;
  const parts = [await findingsById(ctx.db, [...open.keys()])];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    try {
      if ((await receiver.send(await statesOf(ctx, part), now)) === 'gone') return 'gone';
      await settle(turn, part);
    } catch (error) {
      const [row] = part;
      const half = Math.ceil(part.length / 2);
      if (!isRefusal(error) || row === undefined) throw error;
      if (part.length > 1) parts.unshift(part.slice(0, half), part.slice(half));
      else if (isPast(row, now)) await settle(turn, [row]);
      else await refuse(turn, row.id, error);
    }
  }
  return 'taken';
}

async function settle(turn: Turn, rows: readonly FindingRow[]): Promise<void> {
  const { ctx, receiver, now, open } = turn;
  const again = later(now, receiver.resendEvery);
  const told = rows.flatMap((row) => {
    const claim = open.get(row.id);
    return claim === undefined ? [] : [{ ...claim, next: isPast(row, again) ? null : again }];
  });
  await markTold(ctx.db, receiver.name, told, now);
  for (const { finding } of told) open.delete(finding);
  turn.took += told.length;
}

/** Whether an end is told no more at an instant. */
function isPast({ resolvedAt }: FindingRow, at: Instant): boolean {
  return resolvedAt !== null && at > later(resolvedAt, END_RETOLD);
}

async function statesOf(ctx: Ctx, rows: readonly FindingRow[]): Promise<AlertNotice[]> {
  const alerts = await withHandling(ctx, rows);
  return alerts.map((alert) => ({ alert, owner: ownerOf(ctx.alerting.policy, alert.finding), event: null }));
}

/** Each step once and in order. */
async function tellEvents(turn: Turn): Promise<'taken' | 'gone'> {
  for (const claim of [...turn.open.values()]) {
    try {
      if ((await tellSteps(turn, claim)) === 'gone') return 'gone';
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await refuse(turn, claim.finding, error);
    }
  }
  return 'taken';
}

async function tellSteps(turn: Turn, claim: ClaimedDelivery): Promise<'taken' | 'gone'> {
  const { ctx, receiver, now } = turn;
  const { finding } = claim;
  const [state] = await statesOf(ctx, await findingsById(ctx.db, [finding]));
  const events = (await findingEvents(ctx.db, [finding])).get(finding) ?? [];
  let { event: last } = claim;
  for (const event of events.filter(({ id }) => id > claim.event)) {
    if (state !== undefined && (await receiver.send([{ ...state, event }], now)) === 'gone') return 'gone';
    last = event.id;
    await markEventTold(ctx.db, receiver.name, { finding, event: last });
  }
  await markTold(ctx.db, receiver.name, [{ ...claim, event: last, next: null }], now);
  turn.open.delete(finding);
  turn.took += 1;
  return 'taken';
}

function isRefusal(error: unknown): error is CountersignError {
  return error instanceof CountersignError && error.code === 'invalid_input';
}

/** Puts one thing off by itself. @throws the refusal where it is one of many, and nothing was taken */
async function refuse(turn: Turn, finding: number, error: CountersignError): Promise<void> {
  const { ctx, receiver, now, open } = turn;
  const until = later(now, backOff(open.get(finding)?.tries ?? 0));
  await markUntold(ctx.db, receiver.name, [{ finding, until, isRefused: true }], error.message);
  open.delete(finding);
  turn.refusal = error.message;
  turn.refusals += 1;
  if (turn.refusals >= MOST_REFUSED && turn.took === 0) throw error;
}
