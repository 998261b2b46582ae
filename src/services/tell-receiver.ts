import { type AlertReceiver, CountersignError, type Instant } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  findReceiver,
  hasRefused,
  markTold,
  markUntold,
  noteReceiver,
  overtakenFindings,
  type ReceiverOutcome,
  type ReceiverRow,
  receiversDue,
} from '../storage/index.ts';
import type { AlertContext } from './context.ts';
import { beginTurn, MOST_REFUSED, restAfter, type Turn, tell } from './tell-turn.ts';

/** What telling receivers takes. */
type Ctx = Pick<AlertContext, 'db' | 'clock' | 'alerting'>;

/** Findings whose state is told in one request. */
const MOST_AT_ONCE = 200;
/** Whoever claims something and dies lets it go after this time; no request takes as long. */
const LEASE = 2 * MINUTE;

/** What came of telling a receiver. */
export interface Telling {
  /** How many findings it was told of, need not be told of any more, or refused. */
  readonly told: number;
  /** Why it did not take all; null where there was nothing to take, or it took it. */
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
 * each time, and never dropped; what it refuses keeps nothing else waiting.
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
  const turn = beginTurn(ctx, receiver, claimed, now);
  try {
    if ((await tell(turn)) === 'gone') {
      await noteReceiver(ctx.db, receiver.name, { kind: 'gone' }, ctx.clock.now());
      return { told: 0, failure: 'it wants to be told nothing any more' };
    }
    await noteReceiver(ctx.db, receiver.name, await outcomeOf(turn, known), ctx.clock.now());
    return { told: claimed.length, failure: turn.refusal };
  } catch (error) {
    const isOurs = !(error instanceof CountersignError);
    const failure = isOurs ? 'an error of our own, see the log' : error.message;
    await putOff(turn, { tries: known.tries, failure, isOurs });
    if (isOurs) throw error;
    return { told: 0, failure };
  }
}

/** A receiver that took nothing is let rest when that has happened often. */
async function outcomeOf(
  { ctx, receiver, refusal, took, now }: Turn,
  { tries, failingSince }: ReceiverRow,
): Promise<ReceiverOutcome> {
  if (refusal === null || took > 0) {
    const isClear = refusal === null && failingSince === null;
    const refuses = !isClear && (await hasRefused(ctx.db, receiver.name));
    return refuses ? { kind: 'took_some', failure: refusal } : { kind: 'took' };
  }
  const rest = tries < MOST_REFUSED ? null : restAfter(receiver, tries - MOST_REFUSED);
  return { kind: 'failed', failure: refusal, until: rest === null ? null : later(now, rest) };
}

/** That it does not answer is no fault of what it was to be told: all of it is due again once it has rested. */
async function putOff(
  { ctx, receiver, open }: Turn,
  { tries, failure, isOurs }: { readonly tries: number; readonly failure: string; readonly isOurs: boolean },
): Promise<void> {
  const now = ctx.clock.now();
  const late = [...open.values()].map(({ finding }) => ({ finding, until: now, isRefused: isOurs }));
  await markUntold(ctx.db, receiver.name, late, failure);
  const until = later(now, restAfter(receiver, tries));
  await noteReceiver(ctx.db, receiver.name, { kind: 'failed', failure, until }, now);
}

/**
 * An end is told no more once the same finding has fired anew: to a receiver of states both are one, and the older state
 * would undo the newer one. Returns what is left.
 */
async function standing(
  { db }: Ctx,
  { name }: AlertReceiver,
  due: readonly ClaimedDelivery[],
  now: Instant,
): Promise<ClaimedDelivery[]> {
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
