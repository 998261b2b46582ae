import type { Job } from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import { claimDueJobs, completeJob, pruneOutbox } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** A committed job with the id of the outbox row that holds it. */
export interface DueJob extends Job {
  readonly id: number;
}

const BATCH = 50;

/**
 * Hands due jobs to the queue, oldest first; returns whether there may be more. Should one not be taken, the claim of
 * the whole batch is undone, and it is handed over again later.
 */
export async function relayDueJobs(
  ctx: BaseContext,
  enqueue: (job: DueJob) => Promise<void>,
): Promise<boolean> {
  return ctx.db.transaction().execute(async (tx) => {
    const jobs = await claimDueJobs(tx, ctx.clock.now(), BATCH);
    for (const job of jobs) await enqueue(job);
    return jobs.length === BATCH;
  });
}

/** Notes that a job is done: it is not handed over again. */
export async function finishJob(ctx: BaseContext, id: number): Promise<void> {
  await completeJob(ctx.db, id, ctx.clock.now());
}

const KEPT_FOR = 7 * DAY;

/** Forgets jobs that were done a week ago. */
export async function forgetOldJobs(ctx: BaseContext): Promise<void> {
  await pruneOutbox(ctx.db, later(ctx.clock.now(), -KEPT_FOR));
}
