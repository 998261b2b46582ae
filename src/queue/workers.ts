import { type Job, UnrecoverableError, type Worker } from 'bullmq';
import type { Logger, Processors, QueueName } from '../domain/index.ts';
import { type BaseContext, finishJob } from '../services/index.ts';
import type { Envelope, QueueBackend } from './backend.ts';

export interface WorkerContext extends BaseContext {
  readonly logger: Logger;
}

/** Works on one queue. */
export interface QueueWorker {
  /** Takes no more jobs, and waits for those under way. */
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
  const worker: Worker<Envelope> = backend.worker(
    queue,
    (job) => processJob(ctx, processors, job),
    concurrency,
  );
  worker.on('error', (error) =>
    ctx.logger.warn('the worker lost the queue', { queue, reason: error.message }),
  );
  worker.on('failed', (job, error) =>
    ctx.logger.error('a job failed', {
      queue,
      job: job?.name,
      id: job?.id,
      attempt: job?.attemptsMade,
      reason: error.message,
    }),
  );
  return { stop: () => worker.close() };
}

async function processJob(ctx: WorkerContext, processors: Processors, job: Job<Envelope>): Promise<void> {
  const processor = processors[job.name];
  if (job.data.version !== 1 || processor === undefined) {
    throw new UnrecoverableError(`this release does not know job ${job.name} of version ${job.data.version}`);
  }
  await processor(job.data.payload);
  await finishJob(ctx, job.data.outboxId);
}
