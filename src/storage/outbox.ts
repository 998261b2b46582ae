import { sql } from 'kysely';
import type { Instant, Job, QueueName } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A job that waits to be enqueued. */
export interface OutboxRow extends Job {
  readonly id: number;
}

/** Channel on which a committed outbox row wakes the relay. */
export const OUTBOX_CHANNEL = 'countersign_outbox';

/** The only producer of jobs: the row commits, and the relay wakes, with the change that causes the job. */
export async function addToOutbox(tx: Tx, job: Job, now: Instant): Promise<void> {
  const { queue, name, payload } = job;
  await tx
    .insertInto('outbox')
    .values({ queue, name, payload: JSON.stringify(payload), created_at: now, enqueued_at: null })
    .execute();
  await sql`select pg_notify(${OUTBOX_CHANNEL}, ${queue})`.execute(tx);
}

/** Locks the oldest waiting jobs, passing over those that another relay holds. */
export async function claimOutbox(tx: Tx, limit: number): Promise<OutboxRow[]> {
  const rows = await tx
    .selectFrom('outbox')
    .selectAll()
    .where('enqueued_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(({ id, queue, name, payload }) => ({ id, queue: queue as QueueName, name, payload }));
}

export async function markEnqueued(tx: Tx, id: number, at: Instant): Promise<void> {
  await tx.updateTable('outbox').set({ enqueued_at: at }).where('id', '=', id).execute();
}

/** Drops rows that were enqueued before an instant. */
export async function pruneOutbox(db: Db, before: Instant): Promise<void> {
  await db.deleteFrom('outbox').where('enqueued_at', '<', before).execute();
}
