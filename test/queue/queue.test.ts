import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Logger, Processors } from '../../src/domain/index.ts';
import { openQueueBackend, startRelay, startWorker } from '../../src/queue/index.ts';
import { addToOutbox, listen, OUTBOX_CHANNEL } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { describeWithPart } from '../support/parts.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const NOW = '2026-11-23T09:00:00.000Z';
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A relay and a worker on the queue `alerts`, with a clock that the test sets. */
async function startQueue(database: TestDatabase, redisUrl: string | null, processors: Processors) {
  const time = { now: NOW };
  const base = { db: database.db, clock: { now: () => time.now }, newId: randomUUID, logger: silent };
  const backend = await openQueueBackend({ databaseUrl: database.connectionString, redisUrl });
  const onCommit = (wake: () => void) => listen(database.connectionString, OUTBOX_CHANNEL, wake);
  const relay = await startRelay({ ...base, onCommit }, backend);
  const worker = startWorker(base, backend, 'alerts', processors, 2);
  const stopAll = async () => {
    await relay.stop();
    await worker.stop();
    await backend.close();
  };
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  return {
    kind: backend.kind,
    ready: backend.ready,
    stop,
    setTime: (now: string) => {
      time.now = now;
    },
  };
}

const add = (database: TestDatabase, subject: string) =>
  database.db
    .transaction()
    .execute((tx) => addToOutbox(tx, { queue: 'alerts', name: 'tell', payload: { subject } }, NOW));

/** Resolves at each call of the processor, so that tests wait for work and not for time. */
function recorder(onJob: (subject: string) => void = () => {}) {
  const done: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const processors: Processors = {
    tell: async ({ subject }) => {
      onJob(subject ?? '');
      done.push(subject ?? '');
      for (const { count, resolve } of waiting) if (done.length >= count) resolve();
    },
  };
  const reached = (count: number) =>
    new Promise<void>((resolve) => {
      if (done.length >= count) resolve();
      else waiting.push({ count, resolve });
    });
  return { processors, done, reached };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function behaves(name: string, redis: () => TestRedis | null): void {
  it(`does each committed job once, on ${name}`, async () => {
    const database = await createTestDatabase();
    closers.push(() => database.close());
    const { processors, done, reached } = recorder();
    const queue = await startQueue(database, redis()?.url ?? null, processors);
    closers.push(queue.stop);
    expect(queue.kind).toBe(name);
    for (const subject of ['a', 'b', 'c']) await add(database, subject);
    await reached(3);
    await queue.stop();
    expect([...done].sort()).toEqual(['a', 'b', 'c']);
    const open = await database.db
      .selectFrom('outbox')
      .where('completed_at', 'is', null)
      .select('id')
      .execute();
    expect(open).toEqual([]);
  });

  it(`forgets a job whose transaction fails, on ${name}`, async () => {
    const database = await createTestDatabase();
    closers.push(() => database.close());
    const { processors, done, reached } = recorder();
    const queue = await startQueue(database, redis()?.url ?? null, processors);
    closers.push(queue.stop);
    const failing = database.db.transaction().execute(async (tx) => {
      await addToOutbox(tx, { queue: 'alerts', name: 'tell', payload: { subject: 'never' } }, NOW);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await add(database, 'after');
    await reached(1);
    expect(done).toEqual(['after']);
  });

  it(`tries a job again whose processor throws, on ${name}`, async () => {
    const database = await createTestDatabase();
    closers.push(() => database.close());
    let calls = 0;
    const { processors, reached } = recorder(() => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
    });
    const queue = await startQueue(database, redis()?.url ?? null, processors);
    closers.push(queue.stop);
    await add(database, 'a');
    await reached(1);
    expect(calls).toBe(2);
  });
}

describe('the queue in Postgres', () => behaves('postgres', () => null));

describeWithPart('redis-server', 'the queue in Redis', (program) => {
  let redis: TestRedis | null = null;
  beforeAll(async () => {
    redis = await startRedis(program);
  });
  afterAll(() => redis?.close());
  behaves('redis', () => redis);

  it('leaves no connection to Redis behind when it stops', async () => {
    const database = await createTestDatabase();
    closers.push(() => database.close());
    const { processors, reached } = recorder();
    const observer = new Redis(redis?.url ?? '');
    closers.push(async () => void observer.disconnect());
    const others = async () => {
      const list = String(await observer.client('LIST'))
        .trim()
        .split('\n');
      return list.length - 1;
    };
    const queue = await startQueue(database, redis?.url ?? null, processors);
    await add(database, 'a');
    await reached(1);
    await queue.ready?.();
    expect(await others()).toBeGreaterThan(0);
    await queue.stop();
    await expect.poll(others, { timeout: 10_000, interval: 20 }).toBe(0);
  });

  it('stops though Redis is gone, and is ready only while Redis is there', async () => {
    const database = await createTestDatabase();
    closers.push(() => database.close());
    const { processors, done, reached } = recorder();
    const queue = await startQueue(database, redis?.url ?? null, processors);
    closers.push(queue.stop);
    await expect(queue.ready?.()).resolves.toBeUndefined();
    await redis?.kill();
    await expect(queue.ready?.()).rejects.toThrow('Redis does not answer');
    await redis?.restart();
    await expect
      .poll(async () => queue.ready?.().then(() => 'ok', String), { timeout: 20_000, interval: 50 })
      .toBe('ok');
    await add(database, 'a');
    await reached(1);
    expect(done).toEqual(['a']);
    await redis?.kill();
    await queue.stop();
    await redis?.restart();
  });

  it('waits for the job that is under way when it stops, though Redis is gone', async () => {
    const database = await createTestDatabase();
    closers.push(() => database.close());
    const begun = Promise.withResolvers<void>();
    const rest = Promise.withResolvers<void>();
    const events: string[] = [];
    const tell = async () => {
      begun.resolve();
      await rest.promise;
      events.push('done');
    };
    const queue = await startQueue(database, redis?.url ?? null, { tell });
    await add(database, 'a');
    await begun.promise;
    await redis?.kill();
    const stopped = queue.stop().then(() => events.push('stopped'));
    rest.resolve();
    await stopped;
    expect(events).toEqual(['done', 'stopped']);
    await redis?.restart();
  });

  it('hands a job over again that Redis lost', async () => {
    const database = await createTestDatabase();
    closers.push(() => database.close());
    const { processors, done, reached } = recorder();
    const url = redis?.url ?? '';
    // A relay without a worker: the job reaches Redis and waits there.
    const first = await startQueue(database, url, {});
    await first.stop();
    const relayOnly = await openQueueBackend({ databaseUrl: database.connectionString, redisUrl: url });
    const base = { db: database.db, clock: { now: () => NOW }, newId: randomUUID, logger: silent };
    const relay = await startRelay(
      { ...base, onCommit: (wake) => listen(database.connectionString, OUTBOX_CHANNEL, wake) },
      relayOnly,
    );
    await add(database, 'a');
    const probe = relayOnly.queue('alerts');
    await expect.poll(() => probe.count(), { timeout: 10_000 }).toBe(1);
    await probe.close();
    await relay.stop();
    await relayOnly.close();
    await redis?.kill();
    await redis?.restart();
    const queue = await startQueue(database, url, processors);
    closers.push(queue.stop);
    queue.setTime('2026-11-23T09:02:00.000Z');
    await reached(1);
    expect(done).toEqual(['a']);
  });
});
