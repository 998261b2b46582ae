import { sql } from 'kysely';
import { getTasks } from 'node-cron';
import { describe, expect, it, vi } from 'vitest';
import { type Alert, hashNumber } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { type DueJob, finishJob, relayDueJobs } from '../../src/services/index.ts';
import { findRun } from '../../src/storage/index.ts';
import { look } from '../inventory/look.ts';
import { AT_EVERY_TICK, BYTES, openWatched, type Watched } from '../services/watched.ts';
import { alertingIn } from '../support/alerting.ts';
import { channelOf, openWatch, type Watch } from './watch.ts';

const MODEL = 'fraud-detection@4.1.2' as const;
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const LABELS = 'model_id="fraud-detection",model_version="4.1.2"';

const PATIENCE = { timeout: 20_000, interval: 20 };

async function openGoverned(): Promise<Watched> {
  const watched = await openWatched();
  await watched.governance.govern({ ...NAME, artifact: BYTES });
  watched.place.deploy('eu', MODEL);
  return watched;
}

/** Makes the next ticks fail, as a database does that is being restored. */
async function breakDatabase({ database: { db } }: Watched): Promise<() => Promise<void>> {
  await sql`alter table deployments rename to away`.execute(db);
  return async () => void (await sql`alter table away rename to deployments`.execute(db));
}

describe('a tick', () => {
  it('shows what it concluded', async () => {
    await using watched = await openGoverned();
    await using watch = openWatch(watched.context);
    expect(await watch.monitor.tick()).toMatchObject({ led: true, deployments: 1, fired: 0 });
    const at = Math.floor(Date.parse(watched.governance.clock.now()) / 1000);
    expect(await watch.series()).toMatchObject({
      [`governance_model_hash{${LABELS}}`]: hashNumber(BYTES),
      [`model_serving_active{governance_status="governed",${LABELS}}`]: 1,
      governance_monitor_leader: 1,
      governance_monitor_last_tick_timestamp_seconds: at,
      governance_monitor_tick_failures_total: 0,
    });
    expect((await watch.series())['governance_monitor_tick_duration_seconds']).toBeGreaterThan(0);
  });

  it('is joined by whoever asks for one while it goes on', async () => {
    await using watched = await openGoverned();
    await using watch = openWatch(watched.context);
    const [first, second] = [watch.monitor.tick(), watch.monitor.tick()];
    expect(second).toBe(first);
    await first;
    const third = watch.monitor.tick();
    expect(third).not.toBe(first);
    await third;
  });

  it('logs what it cannot read and what it found, once for each change', async () => {
    await using watched = await openWatched();
    await using watch = openWatch(watched.context);
    watched.place.lose('no route');
    await watch.monitor.tick();
    await watch.monitor.tick();
    expect(
      watch.log.map(({ level, message, source, problem, fired }) => [
        level,
        message,
        source ?? fired,
        problem,
      ]),
    ).toEqual([
      ['warn', 'inventory source is stale', 'list', 'cannot be read: no route'],
      ['info', 'findings changed', 1, undefined],
      ['warn', 'inventory source is stale', 'list', 'cannot be read: no route'],
    ]);
  });
});

it('a tick ends the approval requests whose time ran out, once', async () => {
  await using watched = await openWatched();
  await using watch = openWatch(watched.context);
  const run = await watched.governance.submit({ ...NAME, artifact: BYTES });
  await watch.monitor.tick();
  expect(await findRun(watched.database.db, run.id)).toMatchObject({ state: 'awaiting_approval' });
  watched.governance.clock.advance(365 * DAY);
  await watch.monitor.tick();
  await watch.monitor.tick();
  expect(await findRun(watched.database.db, run.id)).toMatchObject({ state: 'failed', stands: false });
  expect(watch.log).toMatchObject([{ level: 'info', message: 'approval requests lapsed', requests: 1 }]);
});

describe('a tick that fails', () => {
  it('is logged and counted, and nothing that it began is kept', async () => {
    await using watched = await openGoverned();
    await using watch = openWatch(watched.context);
    await watch.monitor.tick();
    const before = await watch.series();
    const mend = await breakDatabase(watched);
    watched.governance.clock.advance(30_000);
    await expect(watch.monitor.tick()).rejects.toThrow('deployments');
    expect(watch.log).toMatchObject([
      {
        level: 'error',
        message: 'monitor tick failed',
        failures: 1,
        error: { message: expect.stringContaining('deployments') },
      },
    ]);
    expect(await watch.series()).toMatchObject({
      governance_monitor_tick_failures_total: 1,
      governance_monitor_last_tick_timestamp_seconds:
        before['governance_monitor_last_tick_timestamp_seconds'],
    });
    expect(await watched.kinds()).toEqual([]);
    await mend();
    expect(await watch.monitor.tick()).toMatchObject({ led: true });
  });

  it('leaves shown what was shown once; a second in a row hides it, until one succeeds', async () => {
    await using watched = await openGoverned();
    await using watch = openWatch(watched.context);
    await watch.monitor.tick();
    const all = await watch.governance();
    const mend = await breakDatabase(watched);
    await watch.monitor.tick().catch(() => undefined);
    expect(await watch.governance()).toEqual(all);
    await watch.monitor.tick().catch(() => undefined);
    expect(await watch.governance()).toEqual([]);
    expect((await watch.series())['governance_monitor_leader']).toBe(0);
    await mend();
    await watch.monitor.tick();
    expect(await watch.governance()).toEqual(all);
  });
});

describe('of two monitors', () => {
  it('only the leader exports governance series; the other takes over when it stops', async () => {
    await using watched = await openGoverned();
    await using one = openWatch(watched.context);
    await using two = openWatch(watched.context);
    expect(await one.monitor.tick()).toMatchObject({ led: true });
    expect(await two.monitor.tick()).toMatchObject({ led: false, deployments: 0 });
    expect(await one.monitor.tick()).toMatchObject({ led: true });
    expect([one.led(), two.led()]).toEqual([2, 0]);
    expect(await two.governance()).toEqual([]);
    expect(await two.series()).toMatchObject({
      governance_monitor_leader: 0,
      governance_monitor_tick_failures_total: 0,
      governance_monitor_last_tick_timestamp_seconds: expect.any(Number),
    });
    const all = await one.governance();
    await one.monitor.stop();
    expect(await one.governance()).toEqual([]);
    expect(await two.monitor.tick()).toMatchObject({ led: true });
    expect([one.led(), two.led()]).toEqual([2, 1]);
    expect(await two.governance()).toEqual(all);
  });

  it('the one that lost the lead shows nothing from its next tick on', async () => {
    await using watched = await openGoverned();
    await using one = openWatch(watched.context);
    await using two = openWatch(watched.context);
    await one.monitor.tick();
    await sql`select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`.execute(
      watched.database.db,
    );
    expect(await two.monitor.tick()).toMatchObject({ led: true });
    expect(await one.monitor.tick()).toMatchObject({ led: false });
    expect(await one.governance()).toEqual([]);
  });
});

describe('the schedule', () => {
  it('makes a first tick at once and further ones by itself, also after one that failed', async () => {
    await using watched = await openGoverned();
    const mend = await breakDatabase(watched);
    await using watch = openWatch(watched.context, { intervalSeconds: 1 });
    await watch.monitor.start();
    expect(watch.log).toMatchObject([{ message: 'monitor tick failed', failures: 1 }]);
    await mend();
    await vi.waitUntil(async () => (await watch.governance()).length > 0, PATIENCE);
  });

  it('makes no tick while one goes on, and none after it was stopped', async () => {
    await using watched = await openGoverned();
    const gate = Promise.withResolvers<void>();
    let looks = 0;
    const slow = {
      ...AT_EVERY_TICK,
      name: 'list',
      observe: async () => {
        looks += 1;
        if (looks === 2) await gate.promise;
        return look(watched.place);
      },
    };
    const watch = openWatch({ ...watched.context, sources: [slow] }, { intervalSeconds: 1 });
    await watch.monitor.start();
    await vi.waitUntil(() => looks === 2, PATIENCE);
    await vi.waitUntil(() => watch.log.some(({ message }) => message === 'monitor schedule'), PATIENCE);
    expect(watch.log.filter(({ message }) => message === 'monitor schedule')[0]).toMatchObject({
      level: 'debug',
      note: expect.stringContaining('overlap'),
    });
    expect(looks).toBe(2);
    const order: string[] = [];
    const stopped = watch.monitor.stop().then(() => order.push('stopped'));
    await watched.firing();
    order.push('tick ends');
    gate.resolve();
    await stopped;
    expect(order).toEqual(['tick ends', 'stopped']);
    expect(await watch.governance()).toEqual([]);
    expect(getTasks().size).toBe(0);
  });

  it('cannot have an interval that cron does not keep', async () => {
    await using watched = await openWatched();
    expect(() => openWatch(watched.context, { intervalSeconds: 45 })).toThrow('choose 30 s or 60 s');
  });
});

describe('a monitor without an alert channel', () => {
  it('logs each finding that fires or ends, when its delivery is due', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    await using watch = openWatch(watched.context);
    const tell = async () => {
      await watch.monitor.tick();
      for (const id of await watched.deliveries())
        await watch.monitor.processors['deliver-finding']?.({ findingId: String(id) });
    };
    const firedAt = watched.governance.clock.now();
    await tell();
    watched.governance.clock.advance(30_000);
    watched.place.undeploy('eu');
    await tell();
    const about = { kind: 'missing_record', severity: 'critical', deployment: 'list/production/eu', ...NAME };
    expect(watch.log.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({
        message: 'finding fires',
        ...about,
        firedAt,
        resolvedAt: null,
        summary: expect.stringContaining('not governed'),
        remedy: expect.stringContaining('Submit it'),
      }),
      expect.objectContaining({
        message: 'finding resolved',
        ...about,
        resolvedAt: watched.governance.clock.now(),
      }),
    ]);
  });

  it('leaves what it could only log to be told once there is one, and told once', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    watched.place.deploy('us', MODEL);
    await using before = openWatch(watched.context);
    const work = async ({ monitor }: Watch) => {
      const due: DueJob[] = [];
      await relayDueJobs(watched.context, async (job) => void due.push(job));
      for (const { id, name, payload } of due) {
        await monitor.processors[name]?.(payload);
        await finishJob(watched.context, id);
      }
    };
    await before.monitor.tick();
    await work(before);
    watched.place.undeploy('us');
    await before.monitor.tick();
    await work(before);
    await before.monitor.stop();

    const told: Alert[] = [];
    const deliver = async (alert: Alert) => {
      told.push(alert);
      return { channel: 'C1', ts: `${told.length}.0` };
    };
    const [eu] = await watched.firing();
    await using after = openWatch(watched.context, {
      alerting: alertingIn('alerts', channelOf(deliver)),
    });
    await after.monitor.start();
    await work(after);
    expect(told).toMatchObject([eu ?? {}]);
    await after.monitor.tick();
    await work(after);
    expect(told).toMatchObject([eu ?? {}]);
  });
});

it('a finding whose delivery is due already is not queued again', async () => {
  await using watched = await openWatched();
  watched.place.deploy('eu', MODEL);
  const channel = channelOf(async () => null);
  await using watch = openWatch(watched.context, { alerting: alertingIn('alerts', channel) });
  await watch.monitor.tick();
  await watch.monitor.tick();
  expect(await watched.deliveries()).toHaveLength(1);
});

describe('the processor deliver-finding', () => {
  it('tells of the finding that the job names', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    const told: unknown[] = [];
    const channel = channelOf(async (alert) => {
      told.push(alert);
      return { channel: 'C1', ts: '1.0' };
    });
    await using watch = openWatch(watched.context, { alerting: alertingIn('alerts', channel) });
    await watch.monitor.tick();
    const [finding] = await watched.firing();
    await watch.monitor.processors['deliver-finding']?.({ findingId: String(finding?.id) });
    expect(told).toMatchObject([finding ?? {}]);
  });

  it.each([undefined, '', '0', '-1', '1.5', '1e3', 'x', '99999999999999999'])(
    'refuses the id %j',
    async (findingId) => {
      await using watched = await openWatched();
      await using watch = openWatch(watched.context);
      const payload: Record<string, string> = findingId === undefined ? {} : { findingId };
      await expect(async () => watch.monitor.processors['deliver-finding']?.(payload)).rejects.toThrow(
        expect.objectContaining({ code: 'invalid_input' }),
      );
    },
  );
});
