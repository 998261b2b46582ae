import type { Queue } from 'bullmq';
import { type Logger, QUEUE_NAMES, type QueueName } from '../domain/index.ts';
import { HOUR, SECOND } from '../lib/index.ts';
import { type BaseContext, type DueJob, forgetOldJobs, relayDueJobs } from '../services/index.ts';
import type { Envelope, QueueBackend } from './backend.ts';

export interface RelayContext extends BaseContext {
  readonly logger: Logger;
  /** Calls back whenever a job was committed; wake-ups may be lost. */
  readonly onCommit: (wake: () => void) => Promise<{ stop(): Promise<void> }>;
}

/** Hands committed outbox rows to the queue. */
export interface Relay {
  stop(): Promise<void>;
}

const LOOK_EVERY = SECOND;
/** Adding a job waits for ever while Redis is away, so the wait has an end of our own. */
const ADD_LIMIT = 5 * SECOND;
/** The outbox remembers what is done; the queue need not. */
const JOB_OPTIONS = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: 5,
  backoff: { type: 'exponential', delay: SECOND },
};

/** Starts the relay: it wakes on every commit that added a job, and looks each second in case a wake-up was lost. */
export async function startRelay(ctx: RelayContext, backend: QueueBackend): Promise<Relay> {
  let stopping = false;
  const complain = (queue: QueueName, error: Error) => {
    if (!stopping) ctx.logger.warn('the queue is not reachable', { queue, reason: error.message });
  };
  const queues = new Map(QUEUE_NAMES.map((name) => [name, openQueue(backend, name, complain)]));
  const pump = createPump(() => relayDueJobs(ctx, (job) => withLimit(enqueue(queues, job))), ctx.logger);
  const subscription = await ctx.onCommit(pump.wake);
  const timer = setInterval(pump.wake, LOOK_EVERY);
  const sweeper = setInterval(() => void forgetOldJobs(ctx).catch(() => {}), HOUR);
  pump.wake();
  return {
    stop: async () => {
      stopping = true;
      clearInterval(timer);
      clearInterval(sweeper);
      await subscription.stop();
      await pump.stop();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

function openQueue(
  backend: QueueBackend,
  name: QueueName,
  complain: (queue: QueueName, error: Error) => void,
): Queue<Envelope> {
  const queue = backend.queue(name);
  // Without a listener a dropped connection would end the process.
  queue.on('error', (error) => complain(name, error));
  return queue;
}

/** The job's id is the row's, so that handing it over again while the queue still has it changes nothing. */
async function enqueue(
  queues: ReadonlyMap<QueueName, Queue<Envelope>>,
  { id, queue, name, payload }: DueJob,
): Promise<void> {
  await queues
    .get(queue)
    ?.add(name, { version: 1, outboxId: id, payload }, { jobId: `outbox-${id}`, ...JOB_OPTIONS });
}

async function withLimit(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the queue did not take a job in time')), ADD_LIMIT);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** Runs `work` one at a time, again when woken meanwhile or while there is more; a failure waits for the next wake-up. */
function createPump(work: () => Promise<boolean>, logger: Logger) {
  let running: Promise<void> | null = null;
  let woken = false;
  let stopped = false;
  const run = async () => {
    while (woken && !stopped) {
      woken = false;
      woken = (await work()) || woken;
    }
  };
  const wake = () => {
    woken = true;
    if (stopped) return;
    running ??= run()
      .catch((error: unknown) => logger.warn('the outbox could not be relayed', { reason: String(error) }))
      .finally(() => {
        running = null;
      });
  };
  const stop = async () => {
    stopped = true;
    await running;
  };
  return { wake, stop };
}
