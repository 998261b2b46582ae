import { Gauge, Registry } from 'prom-client';
import { digestOf, EMPTY_SNAPSHOT, hashNumber, type MetricsSnapshot } from '../../src/domain/index.ts';
import { FAMILIES } from '../../src/telemetry/families.ts';
import { samplesIn } from '../../src/telemetry/family.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import { createChooser } from '../../src/telemetry/shown.ts';
import type { Bench, Reading } from '../bench.ts';
import { inTurns, secondsOf } from '../pairs.ts';

const FULL = 10_000;
const AT = 1_795_000_000;

/**
 * Scrapes of many deployments, down to the bytes that are sent, against prom-client with as many series of the same labels.
 * Ours are checked and written once a tick, so both are told: a scrape, and a tick with one.
 */
export const metrics: Bench = {
  name: 'metrics',
  summary: 'a scrape with 10,000 deployments, against prom-client with as many series',
  async run({ scale, repetitions, say }) {
    const state = snapshot(Math.ceil(FULL * scale));
    const ours = createMetrics();
    ours.tick({ at: AT, durationSeconds: 1, intervalSeconds: 30, failed: false });
    ours.show(state);
    const registry = byHand(state);
    const body = (await ours.render()).body;
    say(`scraping ${repetitions} times in turns with prom-client`);
    const scrape = await inTurns(
      repetitions,
      () => secondsOf(async () => Buffer.from(await registry.metrics())),
      () => secondsOf(async () => Buffer.from((await ours.render()).body)),
    );
    say('the same with a new snapshot for each scrape');
    const renewed = await inTurns(
      repetitions,
      () => secondsOf(async () => Buffer.from(await byHand(state).metrics())),
      () =>
        secondsOf(async () => {
          ours.show(renewedOf(state));
          return Buffer.from((await ours.render()).body);
        }),
    );
    const count = body.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    return readings(count, scrape, renewed);
  },
};

type Pairs = Awaited<ReturnType<typeof inTurns>>;

function readings(count: number, scrape: Pairs, renewed: Pairs): Reading[] {
  return [
    { name: 'scrape: time over that of prom-client', value: scrape.slowdown, unit: 'ratio', atMost: 0.25 },
    { name: 'scrape: ours', value: scrape.ours, unit: 's' },
    { name: 'scrape: prom-client', value: scrape.reference, unit: 's' },
    {
      name: 'snapshot and scrape: time over that of prom-client',
      value: renewed.slowdown,
      unit: 'ratio',
      atMost: 1.5,
    },
    { name: 'snapshot and scrape: ours', value: renewed.ours, unit: 's' },
    { name: 'snapshot and scrape: prom-client', value: renewed.reference, unit: 's' },
    { name: 'series', value: count, unit: 'rows' },
  ];
}

/** The same again, of which nothing is known: what is the very same as before is not written anew. */
function renewedOf(state: MetricsSnapshot): MetricsSnapshot {
  const { models, deployments, governed } = state;
  return {
    ...state,
    models: models.map((one) => ({ ...one })),
    deployments: deployments.map((one) => ({ ...one })),
    governed: [...governed],
  };
}

/** The same series, set one by one as any user of prom-client would. */
function byHand(state: MetricsSnapshot): Registry {
  const registry = new Registry();
  const shown = createChooser()(state);
  for (const family of FAMILIES) {
    const { name, help, labels } = family;
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    for (const sample of samplesIn(family, shown)) gauge.set({ ...sample.labels }, sample.value);
  }
  return registry;
}

/** Deployments of as many model versions, all governed. */
function snapshot(count: number): MetricsSnapshot {
  const rows = Array.from({ length: count }, (_, n) => {
    const digest = digestOf(`model ${n}`);
    return { modelId: `model-${n}`, modelVersion: '1.0', environment: 'production', digest };
  });
  return {
    ...EMPTY_SNAPSHOT,
    at: AT,
    models: rows.map(({ modelId, modelVersion, digest }) => ({
      ...{ modelId, modelVersion, status: 'governed', serving: true, recordExists: true },
      ...{ governedHash: hashNumber(digest), deployedHash: hashNumber(digest) },
      ...{ approvalTimestamp: AT - 60, validUntil: AT + 60 },
      ...{ requiredStages: 6, completedStages: 6, missingStages: [] },
    })),
    deployments: rows.map((row) => ({
      ...row,
      ...{ deployment: `cluster/production/${row.modelId}`, status: 'governed', confidence: 'verified' },
    })),
    governed: rows,
  };
}
