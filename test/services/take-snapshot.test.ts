import { describe, expect, it } from 'vitest';
import { digestOf, hashNumber, type MetricsSnapshot } from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import { takeSnapshot } from '../../src/services/index.ts';
import { createMetrics } from '../../src/telemetry/index.ts';
import { durations } from '../telemetry/snapshot.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const MODEL = 'fraud-detection@4.1.2' as const;
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const OTHER = digestOf('other bytes');

const unix = (at: string) => Math.floor(Date.parse(at) / 1000);

/** A tick and what it gives to see; it must be fit to be exported. */
async function look(watched: Watched): Promise<MetricsSnapshot> {
  await watched.tick();
  const snapshot = await takeSnapshot(watched.context, watched.lead);
  createMetrics().show(snapshot);
  return snapshot;
}

describe('a deployed model version', () => {
  it('that is governed shows the same hash twice, and when people approved', async () => {
    await using watched = await openWatched();
    const { clock } = watched.governance;
    const submittedAt = clock.now();
    const run = await watched.governance.submit({ ...NAME, artifact: BYTES });
    clock.advance(HOUR);
    await watched.governance.answer(run, 'lea', 'approved');
    clock.advance(HOUR);
    await watched.governance.answer(run, 'cora', 'approved');
    const approvedAt = clock.now();
    clock.advance(HOUR);
    watched.place.deploy('eu', MODEL);
    watched.place.deploy('us', MODEL);
    expect(await look(watched)).toMatchObject({
      at: unix(clock.now()),
      models: [
        {
          ...NAME,
          status: 'governed',
          serving: true,
          recordExists: true,
          governedHash: hashNumber(BYTES),
          deployedHash: hashNumber(BYTES),
          approvalTimestamp: unix(approvedAt),
          requiredStages: 3,
          completedStages: 3,
          missingStages: [],
          validUntil: unix(later(submittedAt, 90 * DAY)),
        },
      ],
      deployments: [
        { deployment: 'list/production/eu', ...NAME, status: 'governed', digest: BYTES },
        { deployment: 'list/production/us', ...NAME, status: 'governed', digest: BYTES },
      ],
      governed: [{ ...NAME, environment: 'production', digest: BYTES }],
      findings: [],
      approvals: [],
      approvalWaits: durations((2 * HOUR) / 1000),
      sources: [{ name: 'list', seenAt: unix(clock.now()), mostAge: 600, stale: false, deployments: 2 }],
    });
  });

  it('that needs no approval counts from the issue of its record', async () => {
    await using watched = await openWatched();
    const issuedAt = watched.governance.clock.now();
    await watched.governance.govern({ ...NAME, artifact: BYTES, tier: 'minimal_risk' });
    watched.governance.clock.advance(DAY);
    watched.place.deploy('eu', MODEL);
    expect((await look(watched)).models).toMatchObject([
      { approvalTimestamp: unix(issuedAt), recordExists: true },
    ]);
  });

  it('that expired keeps the time of its approval, and its hashes: that is how the rule sees its age', async () => {
    await using watched = await openWatched();
    const approvedAt = watched.governance.clock.now();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.governance.clock.advance(91 * DAY);
    watched.place.deploy('eu', MODEL);
    expect((await look(watched)).models).toMatchObject([
      {
        status: 'expired',
        approvalTimestamp: unix(approvedAt),
        recordExists: true,
        governedHash: hashNumber(BYTES),
        deployedHash: hashNumber(BYTES),
        completedStages: 3,
      },
    ]);
  });

  it('that was never submitted has no record, no hash to compare with and all its stages to go', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    expect(await look(watched)).toMatchObject({
      models: [
        {
          status: 'ungoverned',
          serving: true,
          recordExists: false,
          governedHash: null,
          deployedHash: hashNumber(BYTES),
          approvalTimestamp: null,
          requiredStages: 3,
          completedStages: 0,
        },
      ],
      findings: [{ kind: 'missing_record', severity: 'critical', ...NAME, environment: 'production' }],
    });
  });

  it('whose run failed shows how far it came', async () => {
    await using watched = await openWatched();
    const outcomes = { demographic_parity_within_threshold: 'failed' } as const;
    await watched.governance.submit({ ...NAME, artifact: BYTES, outcomes });
    watched.place.deploy('eu', MODEL);
    expect(await look(watched)).toMatchObject({
      models: [
        {
          status: 'failed',
          recordExists: false,
          requiredStages: 3,
          completedStages: 1,
          missingStages: ['bias_and_fairness', 'risk_classification'],
        },
      ],
      runs: { total: 1, passed: 0 },
      checkFailures: [
        { stage: 'model_card', count: 0 },
        { stage: 'bias_and_fairness', count: 1 },
        { stage: 'risk_classification', count: 0 },
      ],
    });
  });

  it('that waits for approval has no record yet, and shows as pending', async () => {
    await using watched = await openWatched();
    await watched.governance.submit({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL);
    expect(await look(watched)).toMatchObject({
      models: [{ status: 'pending', recordExists: false, approvalTimestamp: null }],
      approvals: [{ ...NAME, status: 'pending' }],
      runs: { total: 1, passed: 1 },
    });
  });

  it('shows the wrong hash as soon as one of its deployments serves wrong bytes', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL);
    watched.place.deploy('us', MODEL, { digest: OTHER });
    watched.place.deploy('zz', MODEL);
    const snapshot = await look(watched);
    expect(snapshot.models).toMatchObject([
      {
        status: 'ungoverned',
        recordExists: true,
        governedHash: hashNumber(BYTES),
        deployedHash: hashNumber(OTHER),
        requiredStages: 3,
        completedStages: 3,
      },
    ]);
    expect(snapshot.deployments).toMatchObject([
      { status: 'governed', digest: BYTES },
      { deployment: 'list/production/us', status: 'ungoverned', digest: OTHER },
      { status: 'governed', digest: BYTES },
    ]);
    expect(new Set(snapshot.governed.map(({ digest }) => digest))).toEqual(new Set([BYTES]));
  });

  it('keeps showing the wrong hash while the bytes that had it cannot be read', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL, { digest: OTHER });
    watched.place.deploy('us', MODEL);
    await watched.tick();
    watched.place.deploy('eu', MODEL, { digest: null, confidence: 'unknown', how: 'may not be read' });
    const { models, deployments } = await look(watched);
    expect(models).toMatchObject([{ governedHash: hashNumber(BYTES), deployedHash: hashNumber(OTHER) }]);
    expect(deployments).toMatchObject([{ deployment: 'list/production/eu', digest: OTHER }, {}]);
    watched.place.deploy('eu', MODEL);
    expect((await look(watched)).models).toMatchObject([{ deployedHash: hashNumber(BYTES) }]);
  });

  it('is no mismatch while two governed artifacts go by its name', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    await watched.governance.govern({ ...NAME, artifact: OTHER });
    watched.place.deploy('eu', MODEL);
    watched.place.deploy('us', MODEL, { digest: OTHER });
    const { models, findings } = await look(watched);
    expect(findings).toEqual([]);
    expect(models).toHaveLength(1);
    expect(models[0]?.deployedHash).toBe(models[0]?.governedHash);
  });

  it('is not taken for right because one of its deployments cannot be seen', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL, { digest: null, confidence: 'unknown', how: 'gone' });
    watched.place.deploy('us', MODEL);
    expect((await look(watched)).models).toMatchObject([
      { status: 'ungoverned', deployedHash: hashNumber(BYTES) },
    ]);
    watched.place.undeploy('us');
    expect((await look(watched)).models).toMatchObject([{ status: 'ungoverned', deployedHash: null }]);
  });

  it('does not serve while none of its deployments has a replica', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL, { replicas: 0 });
    watched.place.deploy('us', MODEL, { replicas: 0 });
    expect((await look(watched)).models).toMatchObject([{ serving: false }]);
    watched.place.deploy('us', MODEL, { replicas: 2 });
    expect((await look(watched)).models).toMatchObject([{ serving: true }]);
  });

  it('is one in every environment together: the worst of them speaks', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL);
    watched.place.deploy('test', MODEL, { environment: 'staging', digest: OTHER });
    expect((await look(watched)).models).toMatchObject([{ deployedHash: hashNumber(OTHER) }]);
  });
});

it('what is not deployed has no series, or the rules would alert on it for ever', async () => {
  await using watched = await openWatched();
  await watched.governance.govern({ ...NAME, artifact: BYTES });
  watched.place.deploy('eu', MODEL);
  expect((await look(watched)).models).toHaveLength(1);
  watched.place.undeploy('eu');
  expect((await look(watched)).models).toEqual([]);
});

it('counts of runs and failures hold over time, deployed or not', async () => {
  await using watched = await openWatched();
  const outcomes = { model_card_schema_valid: 'insufficient_evidence' } as const;
  await watched.governance.submit({ ...NAME, artifact: OTHER, outcomes });
  await watched.governance.govern({ ...NAME, artifact: BYTES });
  const rejected = await watched.governance.submit({ ...NAME, artifact: digestOf('third') });
  await watched.governance.answer(rejected, 'cora', 'rejected');
  expect(await look(watched)).toMatchObject({
    runs: { total: 3, passed: 2 },
    checkFailures: [{ stage: 'model_card', count: 1 }, { count: 0 }, { count: 0 }],
    approvals: [],
  });
});

describe('the time from training to production', () => {
  const train = async (watched: Watched, before: number, modelVersion: string) => {
    const trainedAt = later(watched.governance.clock.now(), -before);
    const artifact = digestOf(modelVersion);
    await watched.governance.govern({
      modelId: 'm',
      modelVersion,
      artifact,
      trainedAt,
      tier: 'minimal_risk',
    });
    watched.place.deploy(`m-${modelVersion}`, `m@${modelVersion}`, { digest: artifact });
  };

  it('runs until the model version is first seen deployed and governed', async () => {
    await using watched = await openWatched();
    await train(watched, 2 * HOUR, '1');
    await train(watched, 5 * HOUR, '2');
    expect((await look(watched)).trainingToProduction).toEqual(durations(7200, 18_000));
    watched.governance.clock.advance(DAY);
    // What is gone stays counted: a histogram that fell would be taken for one that began anew.
    watched.place.undeploy('m-1');
    expect((await look(watched)).trainingToProduction).toEqual(durations(7200, 18_000));
  });

  it('is unknown where nobody said when it was trained, and where that cannot be', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL);
    await train(watched, -HOUR, '3');
    const ungoverned = { modelId: 'm', modelVersion: '4', artifact: OTHER };
    await watched.governance.submit({
      ...ungoverned,
      trainedAt: later(watched.governance.clock.now(), -HOUR),
    });
    watched.place.deploy('m-4', 'm@4', { digest: OTHER });
    expect((await look(watched)).trainingToProduction).toEqual(durations());
  });
});

it('jobs that are not done are counted in their queue, and a source that cannot be read keeps its time', async () => {
  await using watched = await openWatched();
  const seenAt = unix(watched.governance.clock.now());
  watched.place.deploy('eu', MODEL);
  const { queues, sources } = await look(watched);
  expect(queues.find(({ name }) => name === 'fetches')).toEqual({
    name: 'fetches',
    waiting: 0,
    oldestAt: null,
  });
  expect(sources).toEqual([{ name: 'list', seenAt, mostAge: 600, stale: false, deployments: 1 }]);
  await watched.governance.submit({ ...NAME, artifact: BYTES });
  watched.governance.clock.advance(HOUR);
  watched.place.lose('no route');
  const next = await look(watched);
  expect(next.queues.find(({ name }) => name === 'slack')).toMatchObject({ oldestAt: seenAt });
  expect(next.sources).toEqual([{ name: 'list', seenAt, mostAge: 600, stale: true, deployments: 1 }]);
});

it('two hundred firing findings and more are all counted', async () => {
  await using watched = await openWatched();
  for (let n = 0; n < 600; n++) watched.place.deploy(`d${n}`, MODEL);
  expect((await look(watched)).findings).toMatchObject([{ kind: 'missing_record', count: 600 }]);
});
