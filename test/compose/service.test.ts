import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Interruption } from '../../src/compose/interruption.ts';
import { startService } from '../../src/compose/service.ts';
import type { Surface } from '../../src/compose/surface.ts';
import { compose } from '../../src/compose.ts';
import type { Config } from '../../src/config/index.ts';
import { createLogger } from '../../src/telemetry/index.ts';
import { openConfig } from '../support/config.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { describeWithPart } from '../support/parts.ts';
import { startRedis } from '../support/redis.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const ALL: readonly Surface[] = ['api', 'queue', 'bot', 'monitor', 'fetcher'];
const logger = createLogger({ level: 'silent', secrets: [] });
const open = (redisUrl: string | null = null) =>
  openConfig({}, { databaseUrl: database.connectionString, redisUrl });

async function startAll(config: Config) {
  const service = await startService(config, { surfaces: ALL, onProgress: () => {}, logger });
  onTestFinished(() => service.stop());
  const readiness = async () => {
    const answer = await fetch(new URL('/readyz', service.url));
    return { code: answer.status, ...((await answer.json()) as object) };
  };
  return { readiness };
}

describe('a service with its queue in Postgres', () => {
  it('is ready when the database is', async () => {
    const { readiness } = await startAll(await open());
    expect(await readiness()).toEqual({ code: 200, status: 'ready', dependencies: { database: 'ok' } });
  });
});

describeWithPart('redis-server', 'a service with its queue in Redis', (program) => {
  it('is ready only while Redis answers', async () => {
    const redis = await startRedis(program);
    onTestFinished(() => redis.close());
    const { readiness } = await startAll(await open(redis.url));
    const ready = { code: 200, status: 'ready', dependencies: { database: 'ok', queue: 'ok' } };
    expect(await readiness()).toEqual(ready);
    await redis.kill();
    expect(await readiness()).toEqual({
      code: 503,
      status: 'not_ready',
      dependencies: { database: 'ok', queue: expect.stringMatching(/^Redis does not answer/) },
    });
    await redis.restart();
    await expect.poll(readiness, { timeout: 20_000, interval: 50 }).toEqual(ready);
  });
});

describe('a start that is interrupted', () => {
  const startInterrupted = async (interrupted: AbortSignal, onProgress: () => void) =>
    startService(await open(), { surfaces: ['api'], onProgress, logger, interrupted });

  it('throws the interruption as soon as it can', { timeout: 10_000 }, async () => {
    const interruption = new AbortController();
    const reason = new Interruption('SIGTERM');
    // It waits for the keys of others here, and would do so for longer than this test may take.
    const starting = startInterrupted(interruption.signal, () => interruption.abort(reason));
    await expect(starting).rejects.toBe(reason);
  });

  it('does nothing where the interruption came before', async () => {
    const reason = new Interruption('SIGTERM');
    const steps: string[] = [];
    const starting = startInterrupted(AbortSignal.abort(reason), () => steps.push('a step'));
    await expect(starting).rejects.toBe(reason);
    expect(steps).toEqual([]);
  });
});

describe('what crashed uploads left', () => {
  it.each([
    [ALL, []],
    [['queue', 'bot'], ['left']],
  ] as const)('%j leaves %j', async (surfaces, left) => {
    const config = await open();
    const incoming = join(config.dataDir, 'blobs', 'incoming');
    await mkdir(incoming, { recursive: true });
    await writeFile(join(incoming, 'left'), 'half of it');
    await utimes(join(incoming, 'left'), 0, 0);
    await using opened = new AsyncDisposableStack();
    const composition = await compose(config, surfaces, () => {});
    opened.defer(() => composition.close());
    expect(await readdir(incoming)).toEqual(left);
  });
});
