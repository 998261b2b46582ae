import { CountersignError } from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';
import {
  type AnsweredArrival,
  findInbox,
  type InboxRow,
  insertInbox,
  insertInboxWithJobs,
  markProcessed,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { type ProofContext, proofOf } from './token-proof.ts';

/** Something that a person did in Slack, as the listener understood it. */
export interface ReceivedAction {
  /** Names this one delivery: a repeat of it changes nothing. */
  readonly dedupeKey: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What stores an action, and has it answered: the job commits with it, so that none is lost to a restart. */
export function arrivalOf(
  { clock, newId }: BaseContext,
  source: 'slack' | 'api',
  { dedupeKey, payload }: ReceivedAction,
): AnsweredArrival & { readonly seal: null } {
  const id = newId();
  const job = { queue: 'answers', name: 'answer-action', payload: { inboxId: id } } as const;
  return { id, source, dedupeKey, payload, receivedAt: clock.now(), seal: null, job };
}

/**
 * Stores what came by the API with a token's secret for whoever answers actions; returns by what id its outcome is found.
 * @throws CountersignError `unavailable` before the bot was started for the first time
 */
export async function receiveByApi(
  ctx: BaseContext & ProofContext,
  payload: ReceivedAction['payload'],
  secret: string,
): Promise<string> {
  const arrival = arrivalOf(ctx, 'api', { dedupeKey: ctx.newId(), payload });
  const proof = await proofOf(ctx, secret, arrival);
  await insertInboxWithJobs(ctx.db, [{ ...arrival, payload: { ...payload, proof } }]);
  return arrival.id;
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
