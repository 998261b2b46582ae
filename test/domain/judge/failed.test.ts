import { describe, expect, it } from 'vitest';
import { expectVerdict } from './expect-verdict.ts';
import { governanceRecord, sayGoverned, sayResults, stageResult } from './story.ts';
import { createWorld, LAX, PIPELINE_TEXT, POLICY, pipelineOf } from './world.ts';

describe('failed', () => {
  const notPassed = ['failed', 'insufficient_evidence', 'errored', 'not_applicable'] as const;

  it.each(notPassed)('is a run with a required stage that %s', (outcome) => {
    const world = createWorld();
    sayGoverned(world, {
      outcomes: { model_card: outcome, risk_classification: 'passed', bias_and_fairness: 'passed' },
    });
    const verdict = world.verdict();
    expectVerdict(verdict, 'failed', 'stage_not_passed');
    expect(verdict.reasons[0]?.message).toContain('model_card');
    expect(verdict.reasons[0]?.message).toContain(`model_card_schema_valid: ${outcome}`);
  });

  it('is a run with a required stage that failed, also where it does not block', () => {
    const world = createWorld();
    sayGoverned(world, {
      outcomes: { model_card: 'passed', risk_classification: 'passed', bias_and_fairness: 'failed' },
    });
    expectVerdict(world.verdict(), 'failed', 'stage_not_passed');
  });

  it('is a run with a blocking stage that failed, also where it is optional', () => {
    const pipeline = pipelineOf(
      PIPELINE_TEXT.replace('required: false\n    blocking: false', 'required: false'),
    );
    const world = createWorld();
    const ids = { pipeline: pipeline.digest };
    sayGoverned(world, {
      outcomes: {
        model_card: 'passed',
        risk_classification: 'passed',
        bias_and_fairness: 'passed',
        extra: 'failed',
      },
      result: ids,
      record: ids,
    });
    const policy = {
      ...POLICY,
      pipelines: [{ ...ids, digest: pipeline.digest, models: ['*'], environments: ['*'] }],
    };
    const trust = { policy, pipelines: new Map([[pipeline.digest, pipeline]]) };
    expectVerdict(world.verdict({ trust }), 'failed', 'stage_not_passed');
  });

  it('names every stage that failed', () => {
    const world = createWorld();
    sayGoverned(world, {
      outcomes: { model_card: 'failed', risk_classification: 'passed', bias_and_fairness: 'errored' },
    });
    expectVerdict(world.verdict(), 'failed', 'stage_not_passed', 'stage_not_passed');
  });

  it('is a stage that says passed but lacks a check that the pipeline names', () => {
    const world = createWorld();
    const results = sayResults(world, {
      outcomes: { risk_classification: 'passed', bias_and_fairness: 'passed' },
    });
    const [check] = stageResult('model_card').checks;
    const body = stageResult('model_card', { checks: check ? [check] : [] });
    const model_card = world.say({ kind: 'stage-result/v1', body });
    world.say({ kind: 'governance-record/v1', body: governanceRecord({ ...results, model_card }) });
    expectVerdict(world.verdict(), 'failed', 'stage_not_passed');
  });

  it.each(notPassed)('is a stage that says passed although a check of it %s', (outcome) => {
    const world = createWorld();
    const checks = stageResult('model_card').checks.map((check, index) =>
      index === 1 ? { ...check, outcome } : check,
    );
    world.say({ kind: 'stage-result/v1', body: stageResult('model_card', { checks }) });
    const verdict = world.verdict();
    expectVerdict(verdict, 'failed', 'stage_not_passed');
    expect(verdict.reasons[0]?.message).toContain(`intended_use_defined: ${outcome}`);
  });

  it('is a stage that says failed although every check of it passed', () => {
    const world = createWorld();
    const { checks } = stageResult('model_card');
    const body = stageResult('model_card', { outcome: 'failed', checks });
    world.say({ kind: 'stage-result/v1', body });
    expectVerdict(world.verdict(), 'failed', 'stage_not_passed');
  });

  it('is a stage with a second result that did not pass, and it is that one which is named', () => {
    const world = createWorld();
    sayGoverned(world);
    const body = stageResult('bias_and_fairness', { outcome: 'failed' });
    const failing = world.say({ kind: 'stage-result/v1', body });
    const verdict = world.verdict();
    expectVerdict(verdict, 'failed', 'stage_not_passed');
    expect(verdict.reasons[0]?.statement).toBe(failing);
  });

  it('is a prohibited system, whatever else passed and whoever approved', () => {
    const world = createWorld();
    sayGoverned(world, { tier: 'prohibited' });
    expectVerdict(world.verdict(), 'failed', 'tier_prohibited');
  });

  it('is a record that does not cite the results', () => {
    const world = createWorld();
    sayGoverned(world, { record: { stageResults: [] } });
    const verdict = world.verdict();
    expectVerdict(verdict, 'failed', 'record_inconsistent');
    expect(verdict.reasons[0]?.message).toContain('model_card, risk_classification, bias_and_fairness');
  });

  it('is a record of another tier than the results established', () => {
    for (const riskTier of ['minimal_risk', 'limited_risk', 'prohibited'] as const) {
      const world = createWorld();
      sayGoverned(world, { record: { riskTier } });
      expectVerdict(world.verdict(), 'failed', 'record_inconsistent');
    }
  });

  it('is a record whose tier no check established', () => {
    const world = createWorld();
    const results = sayResults(world, { outcomes: { model_card: 'passed', bias_and_fairness: 'passed' } });
    const body = stageResult('risk_classification');
    const { riskTier: _, ...without } = body;
    const risk = world.say({ kind: 'stage-result/v1', body: without });
    world.say({
      kind: 'governance-record/v1',
      body: governanceRecord({ ...results, risk_classification: risk }),
    });
    expectVerdict(world.verdict(), 'failed', 'record_inconsistent');
  });

  it('takes the gravest of several tiers, in whatever order they were said', () => {
    for (const tiers of [
      ['minimal_risk', 'high_risk'],
      ['high_risk', 'minimal_risk'],
    ] as const) {
      const world = createWorld();
      const said = tiers.map((riskTier) =>
        world.say({ kind: 'stage-result/v1', body: stageResult('risk_classification', { riskTier }) }),
      );
      const results = sayResults(world, { outcomes: { model_card: 'passed', bias_and_fairness: 'passed' } });
      const cited = { ...results, risk_classification: said[0] ?? results['model_card'] };
      const record = {
        ...governanceRecord({}),
        stageResults: Object.entries(cited).flatMap(([stage, statement]) =>
          statement ? [{ stage, statement }] : [],
        ),
      };
      world.say({ kind: 'governance-record/v1', body: record });
      const verdict = world.verdict();
      expectVerdict(verdict, 'pending', 'approval_missing');
      expect(verdict.basis?.riskTier).toBe('high_risk');
    }
  });

  it('is a run whose statements name several pipelines', () => {
    const world = createWorld();
    sayGoverned(world);
    world.say({ kind: 'stage-result/v1', body: stageResult('extra', { pipeline: LAX.digest }) });
    expectVerdict(world.verdict(), 'failed', 'record_inconsistent');
  });

  it.each([
    ['submitter', { submitter: { subject: 'ci:build', person: null } }],
    [
      'author',
      {
        authors: [
          { subject: 'git:ada@example.org', person: 'ada' },
          { subject: 'git:x@example.org', person: null },
        ],
      },
    ],
  ])('is a high-risk record whose %s nobody knows', (_who, record) => {
    const world = createWorld();
    sayGoverned(world, { record });
    const verdict = world.verdict();
    expectVerdict(verdict, 'failed', 'submitter_unmapped');
    expect(verdict.reasons[0]?.message).toMatch(/submitter.*author/);
  });

  it('is not an unknown submitter where no approval is asked', () => {
    const world = createWorld();
    const results = sayResults(world, { tier: 'minimal_risk' });
    const body = governanceRecord(results, {
      riskTier: 'minimal_risk',
      submitter: { subject: 'ci:x', person: null },
    });
    world.say({ kind: 'governance-record/v1', body });
    expectVerdict(world.verdict(), 'governed');
  });
});
