import { describe, expect, it } from 'vitest';
import { expectVerdict, requestBody } from './expect-verdict.ts';
import { approvalRequest, governanceRecord, sayDecision, sayGoverned, sayResults, sayRun } from './story.ts';
import { ARTIFACT, at, createWorld, DAY, POLICY } from './world.ts';

describe('pending', () => {
  it('is a run whose stages are not all evaluated, and says which', () => {
    const world = createWorld();
    sayResults(world, { outcomes: { model_card: 'passed' } });
    const verdict = world.verdict();
    expectVerdict(verdict, 'pending', 'run_in_progress');
    expect(verdict.reasons[0]?.message).toContain('risk_classification, bias_and_fairness');
    expect(verdict.basis?.completedStages).toEqual(['model_card']);
  });

  it('is a run without a record', () => {
    const world = createWorld();
    sayResults(world);
    const verdict = world.verdict();
    expectVerdict(verdict, 'pending', 'run_in_progress');
    expect(verdict.reasons[0]?.message).toContain('not signed yet');
  });

  it('is a record that covers up for a stage that was never evaluated', () => {
    const world = createWorld();
    sayGoverned(world, { outcomes: { model_card: 'passed', risk_classification: 'passed' } });
    expectVerdict(world.verdict(), 'pending', 'run_in_progress');
  });

  it('is a record that nobody was asked to approve', () => {
    const world = createWorld();
    const results = sayResults(world);
    world.say({ kind: 'governance-record/v1', body: governanceRecord(results) });
    const verdict = world.verdict();
    expectVerdict(verdict, 'pending', 'approval_missing');
    expect(verdict.basis?.missingRoles).toEqual(['ml_lead', 'compliance_officer']);
  });

  it('is a request with one role still open, and says which', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea');
    const verdict = world.verdict();
    expectVerdict(verdict, 'pending', 'approval_missing');
    expect(verdict.reasons[0]?.message).toContain('compliance_officer');
    expect(verdict.basis).toMatchObject({
      missingRoles: ['compliance_officer'],
      approvals: [{ person: 'lea' }],
    });
  });

  it('lapses at the instant the request names', () => {
    const world = createWorld();
    sayRun(world);
    const end = 7 * DAY;
    expectVerdict(world.verdict({ now: '2026-11-30T08:59:59.999Z' }), 'pending', 'approval_missing');
    expectVerdict(world.verdict({ minute: end }), 'pending', 'approval_lapsed');
  });

  it('is one person in both roles', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'omni', { roles: ['ml_lead'] });
    sayDecision(world, asked, 'omni', { roles: ['compliance_officer'] });
    expectVerdict(world.verdict(), 'pending', 'approval_missing');
    sayDecision(world, asked, 'lea');
    expectVerdict(world.verdict(), 'governed');
  });

  it('is a second request until it is approved itself: approvals of the first were of another', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea');
    const request = world.say({
      kind: 'approval-request/v1',
      body: { ...requestBody(world), dueAt: at(300) },
    });
    sayDecision(world, { ...asked, request }, 'cora');
    expectVerdict(world.verdict(), 'pending', 'approval_missing');
    sayDecision(world, { ...asked, request }, 'liam');
    expectVerdict(world.verdict(), 'governed');
  });

  it('is an environment for which approval was not asked', () => {
    const pipelines = POLICY.pipelines.map((one) => ({ ...one, environments: ['*'] }));
    const world = createWorld(ARTIFACT, { ...POLICY, pipelines });
    const asked = sayRun(world, { request: { environments: ['staging', 'eu'] } });
    for (const person of ['lea', 'cora']) sayDecision(world, asked, person);
    expectVerdict(world.verdict({ environment: 'production' }), 'pending', 'approval_missing');
    expect(world.verdict({ environment: 'production' }).reasons[0]?.message).toBe(
      'approval was asked for staging, eu, not for production',
    );
    expectVerdict(world.verdict({ environment: 'staging' }), 'governed');
  });

  it('is the newest record until it is approved itself, however often the older is asked for', () => {
    const world = createWorld();
    const asked = sayRun(world);
    const record = world.say({
      kind: 'governance-record/v1',
      body: governanceRecord(asked.results, { validUntil: at(80 * DAY) }),
    });
    const request = world.say({ kind: 'approval-request/v1', body: approvalRequest(record) });
    const again = world.say({
      kind: 'approval-request/v1',
      body: approvalRequest(asked.record, { dueAt: at(500) }),
    });
    for (const person of ['lea', 'cora']) sayDecision(world, { ...asked, request: again }, person);
    expectVerdict(world.verdict(), 'pending', 'approval_missing');
    for (const person of ['lea', 'cora']) sayDecision(world, { ...asked, record, request }, person);
    expectVerdict(world.verdict(), 'governed');
    expect(world.verdict().basis).toMatchObject({ record, request });
  });
});

describe('expired', () => {
  it('is a record at the instant it names', () => {
    const world = createWorld();
    sayGoverned(world, { record: { validUntil: at(100) } });
    expect(world.verdict({ now: '2026-11-23T10:39:59.999Z' }).allowed).toBe(true);
    const verdict = world.verdict({ minute: 100 });
    expectVerdict(verdict, 'expired', 'record_expired');
    expect(verdict.basis?.validUntil).toBe(at(100));
  });

  it('is a record older than the pipeline allows, whatever it says itself', () => {
    const world = createWorld();
    const results = sayResults(world, { tier: 'minimal_risk' });
    const body = governanceRecord(results, { riskTier: 'minimal_risk', validUntil: at(1000 * DAY) });
    world.say({ kind: 'governance-record/v1', body }, { minute: 10 });
    expectVerdict(world.verdict({ minute: 90 * DAY + 9 }), 'governed');
    expectVerdict(world.verdict({ minute: 90 * DAY + 10 }), 'expired', 'record_expired');
  });

  it('is an approval at the instant it names, and tells which instant', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea', { expiresAt: at(100) });
    sayDecision(world, asked, 'cora');
    const before = world.verdict({ now: '2026-11-23T10:39:59.999Z' });
    expectVerdict(before, 'governed');
    expect(before.basis?.validUntil).toBe(at(100));
    const verdict = world.verdict({ minute: 100 });
    expectVerdict(verdict, 'expired', 'approval_expired');
    expect(verdict.basis?.missingRoles).toEqual(['ml_lead']);
  });

  it('is not an approval that another person has given too', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea', { expiresAt: at(100) });
    sayDecision(world, asked, 'cora');
    sayDecision(world, asked, 'liam');
    expectVerdict(world.verdict({ minute: 100 }), 'governed');
  });

  it('is not a run that was never approved: that is pending, however old', () => {
    const world = createWorld();
    const asked = sayRun(world, { record: { validUntil: at(100) } });
    sayDecision(world, asked, 'lea');
    expectVerdict(world.verdict({ minute: 200 }), 'pending', 'approval_missing');
  });
});
