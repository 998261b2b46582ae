import { expect, it, vi } from 'vitest';
import { later, MINUTE } from '../../src/lib/index.ts';
import { createAlertmanager } from '../../src/notify/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';
import { openWatched, type Watched } from '../services/watched.ts';
import { alertingTo } from '../support/alerting.ts';
import { type KnownAlert, startAlertmanager } from '../support/alertmanager.ts';
import { type Listening, listenForPosts } from '../support/listener.ts';
import { describeWithPart } from '../support/parts.ts';
import { openWatch } from './watch.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

/** What Alertmanager tells its own receivers. */
interface Notification {
  readonly alerts: readonly { readonly status: string; readonly labels: KnownAlert['labels'] }[];
}

/** Each notification as the deployments in it, with how they stand. */
function notifications({ heard }: Listening): string[] {
  return heard.map(({ body }) =>
    (JSON.parse(body) as Notification).alerts
      .map(({ status, labels }) => `${labels['deployment']} ${status}`)
      .sort()
      .join(', '),
  );
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
    const told = (expected: string[]) =>
      vi.waitFor(() => expect(notifications(hook)).toEqual(expected), PATIENCE);
    const fires = (...names: string[]) => names.map((name) => `list/production/${name} firing`).join(', ');

    {
      await using monitor = openMonitor(watched, alertmanager.url);
      for (const name of ['eu', 'us', 'ap']) watched.place.deploy(name, 'fraud-detection@4.1.2');
      await monitor.tick();
      await told([fires('ap', 'eu', 'us')]);
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
    const ended = 'list/production/ap resolved';
    await told([fires('ap', 'eu', 'us'), `${ended}, ${fires('eu', 'us')}`]);

    for (const name of ['eu', 'us']) watched.place.undeploy(name);
    await monitor.tick();
    await vi.waitFor(async () => expect(await alertmanager.alerts()).toEqual([]), PATIENCE);
    await told([
      fires('ap', 'eu', 'us'),
      `${ended}, ${fires('eu', 'us')}`,
      'list/production/eu resolved, list/production/us resolved',
    ]);
  });
});
