import { expect, it, vi } from 'vitest';
import { later, MINUTE } from '../../src/lib/index.ts';
import { createAlertmanager } from '../../src/notify/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';
import { listReceivers } from '../../src/storage/index.ts';
import { openWatched, type Watched } from '../services/watched.ts';
import { alertingTo } from '../support/alerting.ts';
import { type KnownAlert, startAlertmanager } from '../support/alertmanager.ts';
import { type Listening, listenForPosts } from '../support/listener.ts';
import { describeWithPart } from '../support/parts.ts';
import { openWatch } from './watch.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

/** What Alertmanager tells its own receivers. */
interface Notification {
  readonly groupKey: string;
  readonly alerts: readonly { readonly status: string; readonly labels: KnownAlert['labels'] }[];
}

/** What its receivers know by all that they were told, however it was parted: how each deployment stands, and which ended, each time that it was said. */
function knownBy({ heard }: Listening) {
  const told = heard.map(({ body }) => JSON.parse(body) as Notification);
  const alerts = told
    .flatMap((notification) => notification.alerts)
    .map(({ status, labels }) => [labels['deployment'] ?? '', status] as const);
  return {
    groups: new Set(told.map(({ groupKey }) => groupKey)).size,
    now: Object.fromEntries(alerts),
    ended: alerts.flatMap(([deployment, status]) => (status === 'resolved' ? [deployment] : [])).sort(),
  };
}

/** A monitor's process that tells an Alertmanager. */
function openMonitor(watched: Watched, url: string) {
  const outbound = createOutbound({
    hosts: [url],
    addresses: ['127.0.0.1'],
    ca: null,
  });
  const receiver = createAlertmanager({
    name: 'ops',
    url: `${url}/`,
    authorization: null,
    resendEvery: MINUTE,
    findingUrl: (id) => `https://governance.example/api/v1/findings/${id}`,
    send: outbound.send,
  });
  const watch = openWatch(watched.context, { alerting: alertingTo(receiver) });
  return {
    tick: async () => {
      await watch.monitor.tick();
      await watch.monitor.deliver();
    },
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

describeWithPart('alertmanager', 'a real Alertmanager', (program) => {
  it('is told what fires, in one group, and what ends; no restart loses or doubles any of it', async () => {
    await using hook = await listenForPosts();
    // Alertmanager has its own clock: what the test lets pass must be over by then.
    const start = later(new Date().toISOString(), -3 * MINUTE);
    await using watched = await openWatched(['list'], start);
    await using alertmanager = await startAlertmanager(program, hook.url);
    const [ap, eu, us] = ['list/production/ap', 'list/production/eu', 'list/production/us'] as const;
    const told = (now: Readonly<Record<string, string>>, ended: readonly string[]) =>
      vi.waitFor(() => expect(knownBy(hook)).toEqual({ groups: 1, now, ended }), PATIENCE);

    {
      await using monitor = openMonitor(watched, alertmanager.url);
      for (const name of ['eu', 'us', 'ap']) watched.place.deploy(name, 'fraud-detection@4.1.2');
      await monitor.tick();
      await told({ [ap]: 'firing', [eu]: 'firing', [us]: 'firing' }, []);
      const [alert] = await alertmanager.alerts();
      expect(alert?.labels).toEqual({
        alertname: 'CountersignMissingRecord',
        severity: 'critical',
        environment: 'production',
        model_id: 'fraud-detection',
        model_version: '4.1.2',
        deployment: expect.stringMatching(/^list\/production\//),
        finding: expect.stringMatching(/^missing_record\/list\/production\//),
      });
      expect(alert?.annotations['remedy']).toContain('Block traffic to this model');
      expect(Date.parse(alert?.endsAt ?? '')).toBe(Date.parse(watched.governance.clock.now()) + 4 * MINUTE);
    }

    await using monitor = openMonitor(watched, alertmanager.url);
    watched.governance.clock.advance(MINUTE);
    await monitor.tick();
    await alertmanager.stop();
    watched.place.undeploy('ap');
    await monitor.tick();
    await alertmanager.start();
    expect(await alertmanager.alerts(), 'it keeps none').toEqual([]);
    watched.governance.clock.advance(MINUTE);
    await monitor.tick();
    await vi.waitFor(async () => expect(await alertmanager.alerts()).toHaveLength(2), PATIENCE);
    await told({ [ap]: 'resolved', [eu]: 'firing', [us]: 'firing' }, [ap]);

    for (const name of ['eu', 'us']) watched.place.undeploy(name);
    await monitor.tick();
    await vi.waitFor(async () => expect(await alertmanager.alerts()).toEqual([]), PATIENCE);
    await told({ [ap]: 'resolved', [eu]: 'resolved', [us]: 'resolved' }, [ap, eu, us]);
  });

  it('keeps one alert firing for what ends and fires anew, however often both are told again', async () => {
    await using hook = await listenForPosts();
    const start = later(new Date().toISOString(), -3 * MINUTE);
    await using watched = await openWatched(['list'], start);
    await using alertmanager = await startAlertmanager(program, hook.url);
    await using monitor = openMonitor(watched, alertmanager.url);
    const said = () => {
      const told = hook.heard.flatMap(({ body }) => (JSON.parse(body) as Notification).alerts);
      return told.map(({ status }) => status);
    };
    const heard = (...states: readonly string[]) =>
      vi.waitFor(() => expect(said()).toEqual(states), PATIENCE);

    watched.place.deploy('eu', 'fraud-detection@4.1.2');
    await monitor.tick();
    await heard('firing');
    watched.governance.clock.advance(MINUTE / 2);
    watched.place.undeploy('eu');
    await monitor.tick();
    await heard('firing', 'resolved');
    watched.governance.clock.advance(MINUTE / 2);
    watched.place.deploy('eu', 'fraud-detection@4.1.2');
    await monitor.tick();
    await heard('firing', 'resolved', 'firing');
    for (let tick = 1; tick <= 4; tick++) {
      watched.governance.clock.advance(MINUTE / 2);
      await monitor.tick();
      expect(await alertmanager.alerts(), `${tick} half minutes after it fired anew`).toHaveLength(1);
    }
    watched.place.undeploy('eu');
    await monitor.tick();
    await heard('firing', 'resolved', 'firing', 'resolved');
  });

  it('hears of every end and of what fires, though the clock is set back', async () => {
    await using hook = await listenForPosts();
    await using watched = await openWatched(['list'], later(new Date().toISOString(), -2 * MINUTE));
    await using alertmanager = await startAlertmanager(program, hook.url);
    await using monitor = openMonitor(watched, alertmanager.url);
    const { clock } = watched.governance;
    const active = async () => (await alertmanager.alerts()).map(({ labels }) => labels['deployment']).sort();
    const becomes = (...names: readonly string[]) =>
      vi.waitFor(
        async () => expect(await active()).toEqual(names.map((name) => `list/production/${name}`)),
        PATIENCE,
      );

    for (const name of ['eu', 'us']) watched.place.deploy(name, 'fraud-detection@4.1.2');
    await monitor.tick();
    await becomes('eu', 'us');
    clock.advance(-10 * MINUTE);
    watched.place.undeploy('eu');
    watched.place.deploy('ap', 'fraud-detection@4.1.2');
    await monitor.tick();
    clock.advance(10 * MINUTE + 1);
    await monitor.tick();
    await becomes('ap', 'us');
    expect(await listReceivers(watched.database.db)).toMatchObject([
      { name: 'ops', failingSince: null, waiting: 0 },
    ]);
  });

  it('hears that a warning is over when it becomes critical, for its severity is a label', async () => {
    await using hook = await listenForPosts();
    await using watched = await openWatched(['list'], later(new Date().toISOString(), -2 * MINUTE));
    await using alertmanager = await startAlertmanager(program, hook.url);
    await using monitor = openMonitor(watched, alertmanager.url);
    const { clock, trust } = watched.governance;
    const edition = { version: 1, issuedAt: clock.now(), validUntil: later(clock.now(), MINUTE) };
    Object.assign(trust.policy, { edition });
    const becomes = (...severities: readonly string[]) =>
      vi.waitFor(async () => {
        const alerts = await alertmanager.alerts();
        expect(alerts.map(({ labels }) => labels['severity'])).toEqual(severities);
      }, PATIENCE);

    await monitor.tick();
    await becomes('warning');
    clock.advance(MINUTE);
    await monitor.tick();
    await becomes('critical');
    Object.assign(trust.policy, { edition: { ...edition, validUntil: later(clock.now(), MINUTE) } });
    await monitor.tick();
    await becomes('warning');
  });
});
