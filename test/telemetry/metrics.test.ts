import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { DUTIES, digestOf, hexOf, type MetricsSnapshot, type ModelMetrics } from '../../src/domain/index.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/index.ts';
import { MOST_DEPLOYMENTS } from '../../src/telemetry/most.ts';
import { describeWithPart } from '../support/parts.ts';
import { seriesOf } from './series.ts';
import { AT, durations, model, snapshot } from './snapshot.ts';

const NAME = 'model_id="fraud-detection",model_version="4.1.2"';

async function shown(state: MetricsSnapshot): Promise<Record<string, number>> {
  const metrics = createMetrics();
  metrics.show(state);
  return seriesOf((await metrics.render()).body);
}

describe('a snapshot', () => {
  it('gives one series per model version with the names and labels that the alert rules join on', async () => {
    expect(await shown(snapshot())).toMatchObject({
      [`governance_model_hash{${NAME}}`]: 1_234_567_890_123_456,
      [`model_deployed_hash{${NAME}}`]: 1_234_567_890_123_456,
      [`governance_approval_timestamp{${NAME}}`]: AT - 3600,
      [`governance_approval_age_seconds{${NAME}}`]: 3600,
      [`governance_required_stages_total{${NAME}}`]: 3,
      [`governance_completed_stages_total{${NAME}}`]: 3,
      [`governance_record_exists{${NAME}}`]: 1,
      [`model_serving_active{governance_status="governed",${NAME}}`]: 1,
    });
  });

  it('leaves out what is not known, and says 0 where that is known', async () => {
    const series = await shown(
      snapshot({
        models: [
          model({
            status: 'ungoverned',
            recordExists: false,
            governedHash: null,
            deployedHash: null,
            approvalTimestamp: null,
            validUntil: null,
            completedStages: 0,
            serving: false,
          }),
        ],
      }),
    );
    const names = Object.keys(series).filter((name) => name.includes('fraud-detection'));
    expect(Object.fromEntries(names.map((name) => [name, series[name]]))).toEqual({
      [`governance_required_stages_total{${NAME}}`]: 3,
      [`governance_completed_stages_total{${NAME}}`]: 0,
      [`governance_record_exists{${NAME}}`]: 0,
      [`model_serving_active{governance_status="ungoverned",${NAME}}`]: 0,
    });
  });

  it('counts findings by kind, and shows open approvals, runs, failures and times', async () => {
    const finding = {
      kind: 'missing_record',
      severity: 'critical',
      modelId: 'a',
      modelVersion: '1',
      environment: 'production',
    } as const;
    const series = await shown(
      snapshot({
        findings: [
          { ...finding, count: 2 },
          { ...finding, environment: 'staging', count: 1 },
        ],
        approvals: [
          { modelId: 'a', modelVersion: '1', status: 'pending', askedAt: AT - 60 },
          { modelId: 'a', modelVersion: '1', status: 'pending', askedAt: AT - 60 },
        ],
        runs: { total: 7, passed: 5 },
        checkFailures: [
          { stage: 'bias_and_fairness', count: 2 },
          { stage: 'model_card', count: 0 },
        ],
        trainingToProduction: durations(1800, 5 * 3600),
      }),
    );
    const labels = (environment: string) =>
      `{environment="${environment}",kind="missing_record",model_id="a",model_version="1",severity="critical"}`;
    expect(series).toMatchObject({
      [`governance_finding_firing${labels('production')}`]: 2,
      [`governance_finding_firing${labels('staging')}`]: 1,
      'governance_approval_status{model_id="a",model_version="1",status="pending"}': 1,
      governance_pipeline_runs_total: 7,
      governance_pipeline_passed_total: 5,
      'governance_check_failed_total{stage="bias_and_fairness"}': 2,
      'governance_check_failed_total{stage="model_card"}': 0,
      'model_training_to_production_seconds_bucket{le="14400"}': 1,
      'model_training_to_production_seconds_bucket{le="28800"}': 2,
      model_training_to_production_seconds_count: 2,
      model_training_to_production_seconds_sum: 1800 + 5 * 3600,
    });
  });

  it('tells of each deployment by itself, the worst of too many, and whole digests', async () => {
    const deployment = {
      deployment: 'k8s/production/eu',
      environment: 'production',
      modelId: 'a',
      modelVersion: '1',
      status: 'ungoverned',
      confidence: 'verified',
      digest: digestOf('wrong'),
    } as const;
    const others = Array.from({ length: MOST_DEPLOYMENTS }, (_, n) => ({
      ...deployment,
      deployment: `k8s/production/${n}`,
      status: 'governed' as const,
      digest: null,
    }));
    const governed = { ...deployment, digest: digestOf('right') };
    const series = await shown(
      snapshot({ deployments: [...others, deployment], governed: [governed, governed] }),
    );
    const name = 'model_id="a",model_version="1"';
    const place = 'deployment="k8s/production/eu",environment="production"';
    expect(series).toMatchObject({
      [`governance_status{confidence="verified",${place},governance_status="ungoverned",${name}}`]: 1,
      'governance_deployments{environment="production",governance_status="ungoverned"}': 1,
      'governance_deployments{environment="production",governance_status="governed"}': MOST_DEPLOYMENTS,
      governance_deployments_omitted: 1,
      [`model_deployed_info{${place},${name},sha256="${hexOf(digestOf('wrong'))}"}`]: 1,
      [`governance_model_info{environment="production",${name},sha256="${hexOf(digestOf('right'))}"}`]: 1,
    });
    expect(Object.keys(series).filter((one) => one.startsWith('governance_status{'))).toHaveLength(
      MOST_DEPLOYMENTS,
    );
  });

  it('has a deployment that is wrong on purpose, whatever else there is', async () => {
    const series = await shown(snapshot({ models: [] }));
    expect(Object.keys(series).filter((name) => name.includes('canary="1"'))).toEqual([
      expect.stringMatching(/^model_deployed_info\{.*sha256="0{64}"/),
      expect.stringMatching(/^governance_model_info\{.*sha256="f{64}"/),
    ]);
  });

  it('tells how sources and queues fare, how long people wait, and when governance lapses', async () => {
    const series = await shown(
      snapshot({
        models: [model({ completedStages: 2, missingStages: ['model_card'] })],
        approvals: [
          { modelId: 'a', modelVersion: '1', status: 'pending', askedAt: AT - 60 },
          { modelId: 'b', modelVersion: '1', status: 'pending', askedAt: AT - 7200 },
        ],
        approvalWaits: durations(600, 5 * 3600),
        sources: [
          { name: 'k8s', seenAt: AT - 30, mostAge: 600, stale: false, deployments: 7 },
          { name: 'never', seenAt: null, mostAge: 4200, stale: true, deployments: 0 },
        ],
        queues: [
          { name: 'runs', waiting: 3, oldestAt: AT - 90 },
          { name: 'slack', waiting: 0, oldestAt: null },
        ],
      }),
    );
    expect(series).toMatchObject({
      [`governance_valid_until_timestamp_seconds{${NAME}}`]: AT + 89 * 86_400,
      [`governance_stage_missing{${NAME},stage="model_card"}`]: 1,
      governance_approval_oldest_wait_seconds: 7200,
      'governance_approval_wait_seconds_bucket{le="900"}': 1,
      governance_approval_wait_seconds_count: 2,
      'governance_source_last_success_timestamp_seconds{source="k8s"}': AT - 30,
      'governance_source_most_age_seconds{source="k8s"}': 600,
      'governance_source_most_age_seconds{source="never"}': 4200,
      'governance_source_stale{source="k8s"}': 0,
      'governance_source_stale{source="never"}': 1,
      'governance_source_deployments{source="k8s"}': 7,
      'governance_queue_jobs{queue="runs"}': 3,
      'governance_queue_oldest_seconds{queue="runs"}': 90,
      'governance_queue_jobs{queue="slack"}': 0,
      'governance_queue_oldest_seconds{queue="slack"}': 0,
    });
    expect(series).not.toHaveProperty('governance_source_last_success_timestamp_seconds{source="never"}');
  });

  it('carries 52 and 53 bits exactly', async () => {
    const models = [model({ governedHash: 2 ** 52 - 1, deployedHash: Number.MAX_SAFE_INTEGER })];
    expect(await shown(snapshot({ models }))).toMatchObject({
      [`governance_model_hash{${NAME}}`]: 4_503_599_627_370_495,
      [`model_deployed_hash{${NAME}}`]: 9_007_199_254_740_991,
    });
  });

  it('takes the place of the one before as a whole: no series of it is left', async () => {
    const metrics = createMetrics();
    metrics.show(snapshot({ models: [model(), model({ modelVersion: '4.2.0', status: 'ungoverned' })] }));
    await metrics.render();
    metrics.show(snapshot({ models: [model({ status: 'expired' })] }));
    const series = Object.keys(seriesOf((await metrics.render()).body));
    expect(series.filter((name) => name.startsWith('model_serving_active'))).toEqual([
      `model_serving_active{governance_status="expired",${NAME}}`,
    ]);
    expect(series.filter((name) => name.includes('4.2.0'))).toEqual([]);
  });

  it('counts from the database: shown twice it counts once', async () => {
    const metrics = createMetrics();
    const state = snapshot({ runs: { total: 3, passed: 1 }, trainingToProduction: durations(60) });
    metrics.show(state);
    metrics.show(state);
    expect(seriesOf((await metrics.render()).body)).toMatchObject({
      governance_pipeline_runs_total: 3,
      model_training_to_production_seconds_count: 1,
    });
  });

  it('cannot be used to forge series', async () => {
    const modelVersion = '1"} 1\nmodel_serving_active{model_id="forged"} 0\n\\';
    const series = await shown(snapshot({ models: [model({ modelVersion })] }));
    expect(Object.keys(series).filter((name) => name.includes('model_id="forged"'))).toEqual([]);
  });
});

describe('a value that must not be exported', () => {
  const wrong: readonly [string, Partial<ModelMetrics>][] = [
    ['a hash beyond 2^53', { governedHash: 2 ** 60 }],
    ['a hash that is no integer', { deployedHash: 0.5 }],
    ['NaN', { deployedHash: Number.NaN }],
    ['infinity', { governedHash: Number.POSITIVE_INFINITY }],
    ['a negative count', { completedStages: -1 }],
    ['half a stage', { requiredStages: 2.5 }],
    ['a time in milliseconds', { approvalTimestamp: AT * 1000 }],
    ['a time with a fraction', { approvalTimestamp: AT + 0.5 }],
    ['a time before 1970', { approvalTimestamp: -1 }],
  ];
  it.each(wrong)('refuses %s, and leaves shown what was', async (_what, change) => {
    const metrics = createMetrics();
    metrics.show(snapshot());
    const before = await metrics.render();
    expect(() => metrics.show(snapshot({ models: [model(change)] }))).toThrow(/cannot be exported/);
    expect(await metrics.render()).toEqual(before);
  });

  it.each([
    ['the same model version twice', { models: [model(), model({ status: 'expired', governedHash: 1 })] }],
    ['a training time in milliseconds', { trainingToProduction: durations(AT * 1000) }],
    ['a negative training time', { trainingToProduction: durations(-1) }],
    [
      'a stage counted twice',
      {
        checkFailures: [
          { stage: 'a', count: 1 },
          { stage: 'a', count: 2 },
        ],
      },
    ],
    ['a failure count beyond 2^53', { checkFailures: [{ stage: 'a', count: 2 ** 53 }] }],
  ] as [string, Partial<MetricsSnapshot>][])('refuses %s', (_what, change) => {
    expect(() => createMetrics().show(snapshot(change))).toThrow(/cannot be exported/);
  });
});

it('writes anew what is made of another part of a snapshot, however little else changes', async () => {
  const metrics = createMetrics();
  const of = async (state: MetricsSnapshot) => {
    metrics.show(state);
    return seriesOf((await metrics.render()).body);
  };
  const state = snapshot({ runs: { total: 3, passed: 1 } });
  await of(state);
  for (const next of [
    { ...state, at: AT + 60 },
    { ...state, models: [model({ status: 'expired' })] },
    { ...state, models: [...state.models, model({ modelVersion: '5' })] },
    { ...state, runs: { total: 4, passed: 1 } },
    { ...state, trainingToProduction: durations(60) },
  ])
    expect(await of(next)).toEqual(await shown(next));
});

describe('what the process exports', () => {
  const governance = (text: string) =>
    Object.keys(seriesOf(text)).filter((name) => !name.startsWith('governance_monitor_'));

  it('is nothing before a monitor ticked', async () => {
    expect(await createMetrics().render()).toEqual({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: '',
    });
  });

  it('is the monitor’s own health without governance series where it does not lead', async () => {
    const metrics = createMetrics();
    metrics.show(snapshot());
    metrics.hide();
    metrics.tick({ at: AT, durationSeconds: 0.25, intervalSeconds: 30, failed: false });
    const { body } = await metrics.render();
    expect(governance(body)).toEqual([]);
    expect(seriesOf(body)).toEqual({
      ...Object.fromEntries(
        DUTIES.map((duty) => [`governance_monitor_duty_failures_total{duty="${duty}"}`, 0]),
      ),
      governance_monitor_last_tick_timestamp_seconds: AT,
      governance_monitor_tick_duration_seconds: 0.25,
      governance_monitor_tick_interval_seconds: 30,
      governance_monitor_tick_lag_seconds: 0,
      governance_monitor_leader: 0,
      governance_monitor_tick_failures_total: 0,
    });
  });

  it('tells failed ticks from others: they are counted and are not the last tick', async () => {
    const metrics = createMetrics();
    metrics.show(snapshot());
    metrics.tick({ at: AT, durationSeconds: 0.25, intervalSeconds: 30, failed: false });
    metrics.tick({ at: AT + 40, durationSeconds: 5, intervalSeconds: 30, failed: true });
    expect(seriesOf((await metrics.render()).body)).toMatchObject({
      governance_monitor_last_tick_timestamp_seconds: AT,
      governance_monitor_tick_duration_seconds: 5,
      // It began 35 s after the beginning of the one before, which took a quarter of a second.
      governance_monitor_tick_lag_seconds: 5.25,
      governance_monitor_leader: 1,
      governance_monitor_tick_failures_total: 1,
    });
  });

  it('has one metadata block for each family', async () => {
    const { body } = await withEverything().render();
    const families = body.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(new Set(families).size).toBe(families.length);
    expect(families).toHaveLength(43);
  });
});

describeWithPart('promtool', 'promtool', (promtool) => {
  it('reads the exposition, and objects to nothing but the names that end in _total', async () => {
    const { body } = await withEverything().render();
    const { stdout, stderr, status } = spawnSync(promtool, ['check', 'metrics'], {
      input: body,
      env: {},
      encoding: 'utf8',
    });
    const objections = `${stdout}${stderr}`.split('\n').filter(Boolean);
    expect(objections).toEqual([
      'governance_completed_stages_total non-counter metrics should not have "_total" suffix',
      'governance_required_stages_total non-counter metrics should not have "_total" suffix',
    ]);
    // 3 says that there are objections; 1 would say that it could not be read.
    expect(status).toBe(3);
  });
});

function withEverything(): Metrics {
  const metrics = createMetrics();
  metrics.tick({ at: AT, durationSeconds: 0.1, intervalSeconds: 30, failed: false });
  metrics.show(
    snapshot({
      findings: [
        {
          kind: 'hash_mismatch',
          severity: 'critical',
          modelId: 'a',
          modelVersion: '1',
          environment: 'production',
          count: 1,
        },
      ],
      approvals: [{ modelId: 'a', modelVersion: '1', status: 'pending', askedAt: AT - 60 }],
      checkFailures: [{ stage: 'model_card', count: 1 }],
      trainingToProduction: durations(3600),
    }),
  );
  return metrics;
}
