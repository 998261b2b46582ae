import {
  type Processor as BullProcessor,
  createPostgresBackend,
  createRedisBackend,
  type Queue,
  type Worker,
  withBackend,
} from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
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
  /** Throws, and says why, while jobs can be neither added nor taken; null where asking the database is enough. */
  readonly ready: (() => Promise<void>) | null;
  /** Closes what queues and workers leave open: call it when they are all closed. */
  close(): Promise<void>;
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
    ready: null,
    // Each queue and worker ends the connections that it made.
    close: async () => {},
  };
}

/** How a connection behaves while Redis is away. */
type Connecting = Pick<
  RedisOptions,
  'maxRetriesPerRequest' | 'lazyConnect' | 'enableOfflineQueue' | 'connectTimeout' | 'commandTimeout'
>;

async function redisBackend(url: string): Promise<QueueBackend> {
  const { Redis } = await import('ioredis');
  const { Queue, Worker } = withBackend(createRedisBackend);
  // BullMQ does not end connections that it was given.
  const clients: Redis[] = [];
  const connect = (options: Connecting) => {
    const client = new Redis(url, { connectionName: 'countersign', ...options });
    // Queues and workers complain for themselves; without a listener the client would write to the console.
    client.on('error', () => {});
    clients.push(client);
    return client;
  };
  const connection = () => connect({ maxRetriesPerRequest: null });
  return {
    kind: 'redis',
    queue: (name) => new Queue<Envelope>(name, { connection: connection() }) as unknown as Queue<Envelope>,
    worker: (name, process, concurrency) =>
      new Worker<Envelope>(name, process, {
        connection: connection(),
        concurrency,
        ...WORKER_OPTIONS,
      }) as unknown as Worker<Envelope>,
    ready: redisProbe(connect(PROBE_OPTIONS)),
    close: async () => {
      for (const client of clients) client.disconnect();
    },
  };
}

/** A connection of its own that answers or fails at once: those of the queues wait for Redis to come back. */
const PROBE_OPTIONS: Connecting = {
  lazyConnect: true,
  enableOfflineQueue: false,
  connectTimeout: 2 * SECOND,
  commandTimeout: 2 * SECOND,
};

function redisProbe(client: Redis): () => Promise<void> {
  let trouble: string | null = null;
  client.on('error', (error: Error) => {
    trouble = error.message;
  });
  client.on('ready', () => {
    trouble = null;
  });
  let connecting: Promise<void> | undefined;
  return async () => {
    // Whatever becomes of the first try, the client goes on trying.
    connecting ??= client.connect().catch(() => {});
    await connecting;
    await client.ping().catch(() => {
      throw new Error(trouble === null ? 'Redis does not answer' : `Redis does not answer: ${trouble}`);
    });
  };
}
