import {
  type Processor as BullProcessor,
  createPostgresBackend,
  createRedisBackend,
  type Queue,
  type Worker,
  withBackend,
} from 'bullmq';
import type { QueueName } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';

/** A job as it travels through the queue: the outbox row that it does, and that row's payload. */
export interface Envelope {
  /** Raised when old workers could not read new envelopes. */
  readonly version: 1;
  readonly outboxId: number;
  readonly payload: Readonly<Record<string, string>>;
}

/** Where the queue lives: Redis where a URL is given, else the database that is there anyway. */
export interface QueueLocation {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
}

/** Makes queues and workers, so that nothing else knows on which backend they run. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  queue(name: QueueName): Queue<Envelope>;
  worker(name: QueueName, process: BullProcessor<Envelope>, concurrency: number): Worker<Envelope>;
}

/** A dead worker's job is picked up again within about three of these. */
const LOCK = 10 * SECOND;
const WORKER_OPTIONS = { lockDuration: LOCK, stalledInterval: LOCK / 2, maxStalledCount: 3 };

/** Chooses the backend; the only place that does. */
export async function openQueueBackend(location: QueueLocation): Promise<QueueBackend> {
  return location.redisUrl === null ? postgresBackend(location.databaseUrl) : redisBackend(location.redisUrl);
}

function postgresBackend(connectionString: string): QueueBackend {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  // Migrations run in whichever connection comes first; the others wait on its lock.
  const connection = { connectionString, migrate: true, max: 4 };
  return {
    kind: 'postgres',
    queue: (name) => new Queue<Envelope>(name, { connection }) as unknown as Queue<Envelope>,
    worker: (name, process, concurrency) =>
      new Worker<Envelope>(name, process, {
        connection,
        concurrency,
        ...WORKER_OPTIONS,
      }) as unknown as Worker<Envelope>,
  };
}

async function redisBackend(url: string): Promise<QueueBackend> {
  const { Redis } = await import('ioredis');
  const { Queue, Worker } = withBackend(createRedisBackend);
  const connect = () => new Redis(url, { maxRetriesPerRequest: null });
  return {
    kind: 'redis',
    queue: (name) => new Queue<Envelope>(name, { connection: connect() }) as unknown as Queue<Envelope>,
    worker: (name, process, concurrency) =>
      new Worker<Envelope>(name, process, {
        connection: connect(),
        concurrency,
        ...WORKER_OPTIONS,
      }) as unknown as Worker<Envelope>,
  };
}
