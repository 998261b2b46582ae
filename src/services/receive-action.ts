import { CountersignError } from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';
import {
  findInbox,
  type InboxRow,
  insertInbox,
  insertInboxWithJob,
  markProcessed,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** Something that a person did in Slack, as the listener understood it. */
export interface ReceivedAction {
  /** Names this one delivery: a repeat of it changes nothing. */
  readonly dedupeKey: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Stores an action before it is acknowledged; the job that answers it commits with it, so that no click is lost to a
 * restart. Returns false when this delivery was received before.
 */
export async function receiveAction(ctx: BaseContext, action: ReceivedAction): Promise<boolean> {
  const id = ctx.newId();
  try {
    return await keep(ctx, id, 'slack', action);
  } catch {
    // It may have been kept all the same: then trying again finds it, else it is kept now.
    return keep(ctx, id, 'slack', action);
  }
}

/** Stores what came by the API for whoever answers actions; returns by what id its outcome is found. */
export async function receiveByApi(ctx: BaseContext, payload: ReceivedAction['payload']): Promise<string> {
  const id = ctx.newId();
  await keep(ctx, id, 'api', { dedupeKey: id, payload });
  return id;
}

async function keep(
  { db, clock }: BaseContext,
  id: string,
  source: 'slack' | 'api',
  action: ReceivedAction,
): Promise<boolean> {
  const arrival = { id, source, receivedAt: clock.now(), ...action };
  const job = { queue: 'answers', name: 'answer-action', payload: { inboxId: id } } as const;
  return (await insertInboxWithJob(db, arrival, job)).created;
}

/** Something that is not ours to act on. */
export interface ForeignArrival {
  /** Its bytes, or what stands for them: the same again is one trace. */
  readonly body: string;
  readonly why: string;
  readonly sender: Readonly<Record<string, string | null>>;
}

/** Keeps a trace of an arrival that has no effect: who sent it, and why it was refused. */
export async function noteForeign(ctx: BaseContext, { body, why, sender }: ForeignArrival): Promise<void> {
  const id = ctx.newId();
  const now = ctx.clock.now();
  const dedupeKey = `foreign:${sha256Hex(body)}`;
  const payload = { type: 'foreign', ...sender };
  await ctx.db.transaction().execute(async (tx) => {
    await insertInbox(tx, { id, source: 'slack', receivedAt: now, dedupeKey, payload });
    await markProcessed(tx, id, now, `refused:${why}`);
  });
}

/** An action that waits for its answer; null when it was answered. */
export async function waitingAction(ctx: BaseContext, inboxId: string): Promise<InboxRow | null> {
  const row = await findInbox(ctx.db, inboxId);
  return row === null || row.processedAt !== null ? null : row;
}

/** What became of an action; null while nothing has. @throws CountersignError `not_found` */
export async function outcomeOf(ctx: BaseContext, inboxId: string): Promise<string | null> {
  const row = await findInbox(ctx.db, inboxId);
  if (row === null) throw new CountersignError('not_found', `there is no action ${inboxId}`);
  return row.outcome;
}

/** Notes that an action was answered, and how. */
export async function finishAction(ctx: BaseContext, inboxId: string, outcome: string): Promise<void> {
  await markProcessed(ctx.db, inboxId, ctx.clock.now(), outcome);
}
