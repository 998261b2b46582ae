import { sql } from 'kysely';
import type { Instant, Job, QueueName } from '../domain/index.ts';
import { HOUR, later, MINUTE } from '../lib/index.ts';
import { batches } from './batches.ts';
import type { Db, Tx } from './database.ts';

/** A job that is not done yet. */
export interface OutboxRow extends Job {
  readonly id: number;
}

/** Channel on which a committed outbox row wakes the relay. */
export const OUTBOX_CHANNEL = 'countersign_outbox';

/** The only producer of jobs: the row commits, and the relay wakes, with the change that causes the job. */
export async function addToOutbox(tx: Tx, job: Job, now: Instant): Promise<void> {
  await addAllToOutbox(tx, [job], now);
}

/** The same of many jobs at once, in their order. */
export async function addAllToOutbox(tx: Tx, jobs: readonly Job[], now: Instant): Promise<void> {
  for (const some of batches(jobs)) {
    const rows = some.map(({ queue, name, payload }) => ({
      queue,
      name,
      payload: JSON.stringify(payload),
      created_at: now,
      next_at: now,
      tries: 0,
      completed_at: null,
    }));
    await tx.insertInto('outbox').values(rows).execute();
  }
  for (const queue of new Set(jobs.map((job) => job.queue)))
    await sql`select pg_notify(${OUTBOX_CHANNEL}, ${queue})`.execute(tx);
}

/**
 * Locks jobs that are due to be handed to the queue, oldest first, passing over those that another relay holds, and
 * says when to hand them over again should they not be done by then: the queue may lose what it holds, we do not.
 */
export async function claimDueJobs(tx: Tx, now: Instant, limit: number): Promise<OutboxRow[]> {
  const rows = await tx
    .selectFrom('outbox')
    .selectAll()
    .where('completed_at', 'is', null)
    .where('next_at', '<=', now)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { id, queue, tries } of rows) {
    await tx
      .updateTable('outbox')
      .set({ tries: tries + 1, next_at: later(now, handOverAgain(queue, tries)) })
      .where('id', '=', id)
      .execute();
  }
  return rows.map(({ id, queue, name, payload }) => ({ id, queue: queue as QueueName, name, payload }));
}

/** One minute, doubling, an hour at most; two minutes for an alert, which may come no later once whoever takes it is back. */
function handOverAgain(queue: string, tries: number): number {
  return Math.min(MINUTE * 2 ** Math.min(tries, 10), queue === 'alerts' ? 2 * MINUTE : HOUR);
}

/** Notes that a job is done: it is not handed over again. */
export async function completeJob(db: Db, id: number, at: Instant): Promise<void> {
  await db.updateTable('outbox').set({ completed_at: at }).where('id', '=', id).execute();
}

/** Drops jobs that were done before an instant. */
export async function pruneOutbox(db: Db, before: Instant): Promise<void> {
  await db.deleteFrom('outbox').where('completed_at', '<', before).execute();
}

/** How many jobs of each queue are not done, and when the oldest of them was caused; queues without any are left out. */
export async function unfinishedJobs(
  db: Db,
): Promise<ReadonlyMap<string, { readonly count: number; readonly oldestAt: Instant }>> {
  const rows = await db
    .selectFrom('outbox')
    .where('completed_at', 'is', null)
    .groupBy('queue')
    .select(['queue', sql<number>`count(*)`.as('count'), sql<Instant>`min(created_at)`.as('oldestAt')])
    .execute();
  return new Map(rows.map(({ queue, count, oldestAt }) => [queue, { count, oldestAt }]));
}
