import { expect, it, vi } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import { openWatched, type Watched } from '../services/watched.ts';
import { describeWithPart } from '../support/parts.ts';
import { startPrometheus, type TestPrometheus } from '../support/prometheus.ts';
import { queryPanels } from './dashboard.ts';
import { openExporter } from './exporter.ts';
import { ALERTS, RULES, rulesWithoutDelay } from './rule-file.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const BIASED = { demographic_parity_within_threshold: 'failed' } as const;

describeWithPart('prometheus', 'a real Prometheus that scrapes the monitor', (program) => {
  it('fires each of the four alerts for its scenario, and none when all is well', async () => {
    // Prometheus has its own clock, so the monitor keeps today's time; what is old was governed long before.
    const now = new Date().toISOString();
    await using watched = await openWatched(['list'], later(now, -91 * DAY));
    await govern(watched, 'old');
    watched.governance.clock.advance(91 * DAY);
    await using exporter = await openExporter(watched);
    const rules = await rulesWithoutDelay(RULES);
    await using prometheus = await startPrometheus(program, { port: exporter.port, rules });

    await govern(watched, 'sound');
    await govern(watched, 'swapped');
    deploy(watched, 'sound');
    deploy(watched, 'swapped');
    await exporter.monitor.tick();
    await scraped(prometheus, 'governance_record_exists == 1', 2);
    await evaluatedAnew(prometheus);
    expect(await prometheus.alerts()).toEqual([]);

    await watched.governance.submit({ ...nameOf('failed'), artifact: digestOf('failed'), outcomes: BIASED });
    for (const model of ['bypassed', 'failed', 'old']) deploy(watched, model);
    deploy(watched, 'swapped', 'tampered');
    await exporter.monitor.tick();
    await vi.waitFor(async () => expect(firing(await prometheus.alerts())).toEqual(EXPECTED), PATIENCE);

    for (const model of ['bypassed', 'failed', 'old']) watched.place.undeploy(model);
    deploy(watched, 'swapped');
    await exporter.monitor.tick();
    await scraped(prometheus, 'governance_record_exists', 2);
    await evaluatedAnew(prometheus);
    expect(await prometheus.alerts()).toEqual([]);
  });

  it('answers the queries of the dashboard', async () => {
    await using watched = await openWatched(['list'], new Date().toISOString());
    await using exporter = await openExporter(watched);
    const rules = await rulesWithoutDelay(RULES, ALERTS);
    await using prometheus = await startPrometheus(program, { port: exporter.port, rules });
    deploy(watched, 'bypassed');
    await exporter.monitor.tick();
    await scraped(prometheus, 'model_serving_active == 1', 1);

    await govern(watched, 'sound', later(watched.governance.clock.now(), -5 * HOUR));
    await watched.governance.submit({ ...nameOf('failed'), artifact: digestOf('failed'), outcomes: BIASED });
    await watched.governance.submit({ ...nameOf('waiting'), artifact: digestOf('waiting') });
    for (const model of ['sound', 'failed', 'waiting']) deploy(watched, model);
    await exporter.monitor.tick();
    await scraped(prometheus, 'model_serving_active == 1', 4);
    await expectPanels(prometheus);
    await scraped(prometheus, 'ALERTS{alertname="GovernanceRecordMissing",alertstate="firing"}', 3);
    await vi.waitFor(async () => expect(await panelsWithoutData(prometheus)).toEqual(MAY_BE_EMPTY), PATIENCE);
  });
});

/** Panels that have nothing to show here: none is out of date, wrong or audited, and there are no receivers. */
const MAY_BE_EMPTY = [
  'Models with Expired Governance Approvals',
  'Wrong Bytes',
  'Checks that are not Reliable',
  'Findings of which Receivers were not Told',
  'Findings of which Receivers were not Told',
];

/** Titles of the dashboard's queries that give no series. Prometheus refuses one that is no query, and that throws. */
async function panelsWithoutData(prometheus: TestPrometheus): Promise<string[]> {
  const empty: string[] = [];
  for (const { title, targets } of queryPanels())
    for (const { expr } of targets)
      if ((await prometheus.query(expr.replaceAll('$environment', '.*'))).length === 0) empty.push(title);
  return empty;
}

const EXPECTED = [
  'GovernanceApprovalExpired old',
  'GovernanceRecordMismatch swapped',
  'GovernanceStageSkipped bypassed',
  'GovernanceStageSkipped failed',
  'ModelMissingGovernanceRecord bypassed',
  'ModelMissingGovernanceRecord failed',
];

/** The six queries of the specification's dashboard. */
async function expectPanels(prometheus: TestPrometheus): Promise<void> {
  const by = async (label: string, query: string) =>
    Object.fromEntries((await prometheus.query(query)).map(({ labels, value }) => [labels[label], value]));
  const number = async (query: string) => (await prometheus.query(query))[0]?.value ?? Number.NaN;

  const statuses = 'count by (governance_status) (model_serving_active == 1)';
  expect(await by('governance_status', statuses)).toEqual({
    ungoverned: 1,
    governed: 1,
    failed: 1,
    pending: 1,
  });
  expect(await number('sum(governance_pipeline_passed_total) / sum(governance_pipeline_runs_total)')).toBe(
    2 / 3,
  );
  expect(await number("count(governance_approval_status{status='pending'})")).toBe(1);
  const failures = await by('stage', 'sum by (stage) (increase(governance_check_failed_total[7d]))');
  expect(failures).toEqual({ model_card: 0, bias_and_fairness: expect.any(Number), risk_classification: 0 });
  expect(failures['bias_and_fairness']).toBeGreaterThan(0);
  const median = await number(
    'histogram_quantile(0.5, rate(model_training_to_production_seconds_bucket[30d]))',
  );
  expect(median / 3600).toBeGreaterThan(4);
  expect(median / 3600).toBeLessThan(8);
  expect(await prometheus.query('governance_approval_age_seconds > 7776000')).toEqual([]);
  expect(await prometheus.query('governance_approval_age_seconds < 7776000')).toHaveLength(1);
}

const nameOf = (model: string) => ({ modelId: model, modelVersion: '1.0' });

async function govern({ governance }: Watched, model: string, trainedAt?: string): Promise<void> {
  const artifact = digestOf(model);
  await governance.govern({ ...nameOf(model), artifact, ...(trainedAt === undefined ? {} : { trainedAt }) });
}

function deploy({ place }: Watched, model: string, bytes = model): void {
  place.deploy(model, `${model}@1.0`, { digest: digestOf(bytes) });
}

function firing(alerts: Awaited<ReturnType<TestPrometheus['alerts']>>): string[] {
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels }) => `${labels['alertname']} ${labels['model_id']}`)
    .sort();
}

async function scraped(prometheus: TestPrometheus, query: string, count: number): Promise<void> {
  await vi.waitFor(async () => expect(await prometheus.query(query)).toHaveLength(count), PATIENCE);
}

/** Returns when every rule has been evaluated, without a fault, since this was called. */
async function evaluatedAnew(prometheus: TestPrometheus): Promise<void> {
  const since = Date.now();
  await vi.waitFor(async () => {
    const rules = await prometheus.rules();
    expect(rules.map(({ health }) => health)).toEqual(['ok', 'ok', 'ok', 'ok']);
    for (const { lastEvaluation } of rules) expect(Date.parse(lastEvaluation)).toBeGreaterThan(since);
  }, PATIENCE);
}
