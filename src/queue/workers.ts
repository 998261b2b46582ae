import { type Job, UnrecoverableError, type Worker } from 'bullmq';
import type { Logger, Processors, QueueName } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import { type BaseContext, finishJob } from '../services/index.ts';
import type { Envelope, QueueBackend } from './backend.ts';

export interface WorkerContext extends BaseContext {
  readonly logger: Logger;
}

/** Works on one queue. */
export interface QueueWorker {
  /** Takes no more jobs, waits for those under way, and then for the queue to take note of it, though not for ever. */
  stop(): Promise<void>;
}

/** Starts a worker on a queue; a job is done when its processor returns, and is tried again when it throws. */
export function startWorker(
  ctx: WorkerContext,
  backend: QueueBackend,
  queue: QueueName,
  processors: Processors,
  concurrency: number,
): QueueWorker {
  const underWay = new Set<Promise<void>>();
  const work = (job: Job<Envelope>) => {
    const done = processJob(ctx, processors, job).finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  };
  const worker: Worker<Envelope> = backend.worker(queue, work, concurrency);
  worker.on('error', (error) =>
    ctx.logger.warn('the worker lost the queue', { queue, reason: error.message }),
  );
  let stopping = false;
  worker.on('failed', (job, error) => {
    const { name, id, attemptsMade: attempt } = job ?? {};
    const about = { queue, job: name, id, attempt, reason: error.message };
    // Its outbox row stays: the next worker gets it, so nobody has to act.
    if (stopping) ctx.logger.info('a job was interrupted by the end of the worker', about);
    else ctx.logger.error('a job failed', about);
  });
  return {
    stop: async () => {
      stopping = true;
      const closed = worker.close();
      await Promise.allSettled(underWay);
      await withLimit(closed);
    },
  };
}

/** A queue that is gone, or was a moment ago, may never take note. It hands out again what it was not told of. */
const CLOSE_LIMIT = 5 * SECOND;

async function withLimit(work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_LIMIT);
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function processJob(ctx: WorkerContext, processors: Processors, job: Job<Envelope>): Promise<void> {
  const processor = processors[job.name];
  if (job.data.version !== 1 || processor === undefined) {
    throw new UnrecoverableError(`this release does not know job ${job.name} of version ${job.data.version}`);
  }
  await processor(job.data.payload);
  await finishJob(ctx, job.data.outboxId);
}
