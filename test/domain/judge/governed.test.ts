import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allows, GOVERNANCE_STATUSES, type Outcome, REASON_CODES } from '../../../src/domain/index.ts';
import { expectVerdict, governedWorld } from './expect-verdict.ts';
import { CHECKS, governanceRecord, REQUIRED, sayGoverned, sayResults, sayRun } from './story.ts';
import { ARTIFACT, at, createWorld, DAY, ENVIRONMENT, LAX, NAME, PIPELINE, POLICY } from './world.ts';

describe('governed', () => {
  it('is what every required stage passed and distinct people of both roles approved', () => {
    const verdict = governedWorld().verdict();
    expectVerdict(verdict, 'governed');
    expect(verdict.notes).toEqual([]);
    expect(verdict.basis).toMatchObject({
      ...NAME,
      runId: 'run-1',
      pipeline: PIPELINE.digest,
      riskTier: 'high_risk',
      requiredStages: REQUIRED,
      completedStages: REQUIRED,
      missingRoles: [],
      validUntil: at(90 * DAY),
    });
    expect(verdict.basis?.approvals.map(({ person, role }) => [person, role])).toEqual([
      ['lea', 'ml_lead'],
      ['cora', 'compliance_officer'],
    ]);
  });

  it('says as of when it knows, for which bytes, and where', () => {
    const verdict = governedWorld().verdict({ minute: 30 });
    expect(verdict).toMatchObject({
      artifact: ARTIFACT.digest,
      environment: ENVIRONMENT,
      asOf: at(7),
      judgedAt: at(30),
    });
  });

  it('needs no approval where the pipeline asks none of the tier', () => {
    const world = createWorld();
    const results = sayResults(world, { tier: 'minimal_risk' });
    world.say({
      kind: 'governance-record/v1',
      body: governanceRecord(results, { riskTier: 'minimal_risk' }),
    });
    expectVerdict(world.verdict(), 'governed');
  });

  it('is not undone by an optional, non-blocking stage that failed', () => {
    const world = createWorld();
    const outcomes: Record<string, Outcome> = {
      ...Object.fromEntries(REQUIRED.map((stage) => [stage, 'passed'])),
      extra: 'failed',
    };
    sayGoverned(world, { outcomes });
    expectVerdict(world.verdict(), 'governed');
  });
});

describe('ungoverned', () => {
  it('is what nobody said anything about', () => {
    expectVerdict(createWorld().verdict(), 'ungoverned', 'no_record');
  });

  it('is a run through a pipeline that the trust policy does not name', () => {
    const world = createWorld();
    sayGoverned(world, { result: { pipeline: LAX.digest }, record: { pipeline: LAX.digest } });
    expectVerdict(world.verdict(), 'ungoverned', 'pipeline_not_trusted');
  });

  it('is a run through a trusted pipeline that is not at hand', () => {
    const world = governedWorld();
    const trust = { policy: POLICY, pipelines: new Map() };
    expectVerdict(world.verdict({ trust }), 'ungoverned', 'pipeline_not_trusted');
  });

  it.each([
    ['another environment', { environments: ['staging'] }],
    ['another model', { models: ['credit-limit'] }],
    ['a model of which this one is but the beginning', { models: ['fraud-detection-2'] }],
  ])('is a run through a pipeline that counts for %s', (_where, change) => {
    const world = governedWorld();
    const pipelines = POLICY.pipelines.map((pipeline) => ({ ...pipeline, ...change }));
    const trust = { ...world.input().trust, policy: { ...POLICY, pipelines } };
    expectVerdict(world.verdict({ trust }), 'ungoverned', 'pipeline_not_trusted');
  });

  it('is not a run through a pipeline that counts everywhere', () => {
    const world = governedWorld();
    const pipelines = [{ digest: PIPELINE.digest, models: ['*'], environments: ['*'] }];
    const trust = { ...world.input().trust, policy: { ...POLICY, pipelines } };
    expectVerdict(world.verdict({ trust, environment: 'anywhere' }), 'governed');
  });

  it('is an artifact under a name that it was not governed under', () => {
    const world = governedWorld();
    expect(world.verdict({ name: NAME }).allowed).toBe(true);
    for (const name of [
      { ...NAME, modelVersion: '4.1.3' },
      { ...NAME, modelId: 'credit-limit' },
    ])
      expectVerdict(world.verdict({ name }), 'ungoverned', 'no_record');
  });
});

describe('several runs', () => {
  it('are judged by the newest that came to an end: a failure beats an older governed one', () => {
    const world = createWorld();
    sayGoverned(world, { runId: 'run-1' });
    sayResults(world, { runId: 'run-2', outcomes: { model_card: 'failed' } });
    const verdict = world.verdict();
    expectVerdict(verdict, 'failed', 'stage_not_passed');
    expect(verdict.basis?.runId).toBe('run-2');
  });

  it('leave an older governed one standing while a newer is pending', () => {
    const world = createWorld();
    sayGoverned(world, { runId: 'run-1' });
    sayRun(world, { runId: 'run-2' });
    const verdict = world.verdict();
    expectVerdict(verdict, 'governed');
    expect(verdict.basis?.runId).toBe('run-1');
  });

  it('are as new as the first that the ledger heard of them', () => {
    const world = createWorld();
    sayResults(world, { runId: 'run-1', outcomes: { model_card: 'passed' } });
    sayGoverned(world, { runId: 'run-2' });
    sayResults(world, { runId: 'run-1', outcomes: { risk_classification: 'failed' } });
    expectVerdict(world.verdict(), 'governed');
  });

  it('do not count through pipelines that are not trusted, newer or not', () => {
    const world = createWorld();
    sayGoverned(world, { runId: 'run-1' });
    const lax = { pipeline: LAX.digest };
    sayResults(world, { runId: 'run-2', outcomes: { model_card: 'failed' }, result: lax });
    expectVerdict(world.verdict(), 'governed');
  });

  it('are kept apart by name: a record under another name completes nothing', () => {
    const world = createWorld();
    const results = sayResults(world);
    const body = governanceRecord(results, { modelVersion: '4.2.0' });
    world.say({ kind: 'governance-record/v1', body });
    expectVerdict(world.verdict({ name: NAME }), 'pending', 'run_in_progress');
    expectVerdict(world.verdict(), 'pending', 'run_in_progress');
    expectVerdict(world.verdict({ name: { ...NAME, modelVersion: '4.2.0' } }), 'pending', 'run_in_progress');
  });

  it('are not completed by a result of another run', () => {
    const world = createWorld();
    const first = sayResults(world, { runId: 'run-1', outcomes: { model_card: 'passed' } });
    const second = sayResults(world, {
      runId: 'run-2',
      outcomes: { risk_classification: 'passed', bias_and_fairness: 'passed' },
    });
    world.say({
      kind: 'governance-record/v1',
      body: governanceRecord({ ...first, ...second }, { runId: 'run-2' }),
    });
    expectVerdict(world.verdict(), 'pending', 'run_in_progress');
  });
});

describe('the words of a verdict', () => {
  it('let two statuses serve, of eight', () => {
    expect(GOVERNANCE_STATUSES.filter(allows)).toEqual(['governed', 'overridden']);
    expect(GOVERNANCE_STATUSES).toHaveLength(8);
  });

  it('have no reason that the tests beside this one do not reach', async () => {
    const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.test.ts'));
    const sources = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), 'utf8')));
    expect(REASON_CODES.filter((code) => !sources.some((source) => source.includes(`'${code}'`)))).toEqual(
      [],
    );
  });

  it('know the checks of the pipeline', () => {
    const stages = PIPELINE.stages.flatMap((stage) => (stage.kind === 'checks' ? [stage] : []));
    expect(
      Object.fromEntries(stages.map(({ name, checks }) => [name, checks.map((check) => check.name)])),
    ).toEqual(CHECKS);
  });
});
