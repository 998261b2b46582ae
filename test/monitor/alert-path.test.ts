import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { openWatched, type Watched } from '../services/watched.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { listenForPosts } from '../support/listener.ts';
import { describeWithPart } from '../support/parts.ts';
import { startPrometheus, type TestPrometheus } from '../support/prometheus.ts';
import { openExporter } from './exporter.ts';
import { ALERTS, RULES, rulesWithoutDelay } from './rule-file.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const GOVERNED = digestOf('governed');

/** What Alertmanager tells its receivers. */
interface Notification {
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

describeWithPart('alertmanager', 'from our exporter over Prometheus', (alertmanager) => {
  describeWithPart('prometheus', 'to the receiver of an Alertmanager', (prometheus) => {
    it('wrong bytes arrive and are resolved, while another exporter breaks the rule of old', () =>
      followWrongBytes(prometheus, alertmanager));
  });
});

async function followWrongBytes(program: string, alertmanagerProgram: string): Promise<void> {
  await using hook = await listenForPosts();
  await using alertmanager = await startAlertmanager(alertmanagerProgram, hook.url);
  await using watched = await openWatched(['list'], new Date().toISOString());
  await watched.governance.govern({ ...NAME, artifact: GOVERNED });
  serve(watched, 'eu', 'governed');
  await using exporter = await openExporter(watched);
  await exporter.monitor.tick();
  await using pods = await openPods();
  await using prometheus = await startPrometheus(program, {
    port: exporter.port,
    otherPort: pods.port,
    rules: await rulesWithoutDelay(RULES, ALERTS),
    alertmanager: alertmanager.url,
  });
  const told = (expected: string) =>
    vi.waitFor(() => expect(hook.heard.flatMap(({ body }) => words(body))).toContain(expected), PATIENCE);

  await told('GovernanceCanary canary firing: Alerts about governance arrive');
  await told(
    'GovernanceRuleFailing undefined firing: Rules of rules.yaml;ai-governance cannot be evaluated, and are silent',
  );

  serve(watched, 'us', 'tampered');
  await exporter.monitor.tick();
  const about = 'GovernanceHashMismatch list/production/us';
  const summary = 'list/production/us serves other bytes than those governed as fraud-detection v4.1.2';
  await told(`${about} firing: ${summary}`);
  expect(await alertNames(prometheus), 'it cannot be evaluated').not.toContain('GovernanceRecordMismatch');

  serve(watched, 'us', 'governed');
  await exporter.monitor.tick();
  await told(`${about} resolved: ${summary}`);
  expect(await alertNames(prometheus)).toContain('GovernanceCanary');
}

function serve({ place }: Watched, deployment: string, bytes: string): void {
  place.deploy(deployment, 'fraud-detection@4.1.2', { digest: digestOf(bytes) });
}

/** Each alert of a notification in words; the folder of the rule file is left out. */
function words(body: string): string[] {
  return (JSON.parse(body) as Notification).alerts.map(
    ({ status, labels, annotations }) =>
      `${labels['alertname']} ${labels['deployment']} ${status}: ${annotations['summary']?.replace(/\/\S*\/(?=rules\.yaml)/, '')}`,
  );
}

async function alertNames(prometheus: TestPrometheus): Promise<(string | undefined)[]> {
  return (await prometheus.alerts()).map(({ labels }) => labels['alertname']);
}

/** Two pods that export the hash of what they serve themselves, as many serving frameworks do. */
async function openPods() {
  const series = (pod: string) =>
    `model_deployed_hash{model_id="fraud-detection",model_version="4.1.2",pod="${pod}"} 1`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(`# TYPE model_deployed_hash gauge\n${series('a')}\n${series('b')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
