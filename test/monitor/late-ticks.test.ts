import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createMetrics } from '../../src/telemetry/index.ts';
import { describeWithPart } from '../support/parts.ts';
import { seriesOf } from '../telemetry/series.ts';
import { ALERTS } from './rule-file.ts';

const INTERVAL = 30;
const BEGIN = 1_795_000_000.25;
const NAMES = ['governance_monitor_tick_lag_seconds', 'governance_monitor_tick_interval_seconds'];

/** What is scraped each half minute of a monitor whose ticks take so long, by turns: cron begins none while one goes on. */
async function scraped(durations: readonly number[], scrapes: number) {
  const metrics = createMetrics();
  const values: Record<string, number>[] = [];
  let [begunAt, ticks] = [0, 0];
  for (let at = INTERVAL; values.length < scrapes; at += INTERVAL) {
    for (;;) {
      const durationSeconds = durations[ticks % durations.length] ?? 0;
      const endsAt = begunAt + durationSeconds;
      if (endsAt >= at) break;
      metrics.tick({ at: BEGIN + endsAt, durationSeconds, intervalSeconds: INTERVAL, failed: false });
      ticks += 1;
      begunAt = Math.ceil(endsAt / INTERVAL) * INTERVAL;
    }
    values.push(seriesOf((await metrics.render()).body));
  }
  return NAMES.map((series) => ({ series, values: values.map((one) => one[series] ?? '_').join(' ') }));
}

describeWithPart('promtool', 'promtool', (promtool) => {
  it.each([
    { durations: [45.3, 45.7, 46.1], isLate: true },
    { durations: [31], isLate: true },
    { durations: [31, 20], isLate: true },
    { durations: [12, 29.5], isLate: false },
    { durations: [45, ...Array(40).fill(1)], isLate: false },
  ])('ticks of $durations s are late: $isLate', async ({ durations, isLate }) => {
    const folder = await mkdtemp(join(tmpdir(), 'late-ticks-'));
    const labels = 'ALERTS{alertname="GovernanceTicksLate",alertstate="firing",severity="warning"}';
    const test = {
      interval: `${INTERVAL}s`,
      input_series: await scraped(durations, 40),
      promql_expr_test: [
        {
          expr: 'ALERTS{alertname="GovernanceTicksLate",alertstate="firing"}',
          eval_time: '15m',
          exp_samples: isLate ? [{ labels, value: 1 }] : [],
        },
      ],
    };
    const file = join(folder, 'ticks.yaml');
    await writeFile(file, stringify({ rule_files: [ALERTS], tests: [test] }));
    const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', file], { env: {} });
    await rm(folder, { recursive: true });
    expect({ status, output: `${stdout}${stderr}` }).toEqual({
      status: 0,
      output: expect.stringContaining('SUCCESS'),
    });
  });
});
