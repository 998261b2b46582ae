import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAddition } from './addition.ts';
import { expectVerdict } from './expect-verdict.ts';
import { anyRun, bringAbout, decision, GOOD, JUDGED_AT, type RunPlan, sayPlanned } from './plan.ts';
import {
  approvalRequest,
  governanceRecord,
  type RunIds,
  sayDecision,
  sayGoverned,
  sayResults,
  sayRun,
  stageResult,
} from './story.ts';
import { at, createWorld, DAY, LAX, NAME, type World } from './world.ts';

/** A run that is rejected. */
function sayRejected(world: World, runId: string): RunIds {
  const asked = sayRun(world, { runId });
  sayDecision(world, asked, 'lea', { decision: 'rejected' });
  return asked;
}

/** A run of a tier for which nobody is asked: governed, were it the first. */
function sayUnasked(world: World, runId: string): void {
  const results = sayResults(world, { runId, tier: 'minimal_risk' });
  const body = governanceRecord(results, { runId, riskTier: 'minimal_risk' });
  world.say({ kind: 'governance-record/v1', body });
}

describe('a rejection', () => {
  it('is not overcome by a later run that asks nobody', () => {
    const world = createWorld();
    sayRejected(world, 'run-1');
    sayUnasked(world, 'run-2');
    for (const verdict of [world.verdict({ name: NAME }), world.verdict()]) {
      expectVerdict(verdict, 'rejected', 'approval_rejected');
      expect(verdict.basis?.runId).toBe('run-1');
    }
  });

  it('is not overcome by a later run that is approved by too few, nor hidden by one that failed', () => {
    const world = createWorld();
    sayRejected(world, 'run-1');
    sayDecision(world, sayRun(world, { runId: 'run-2' }), 'cora');
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
    sayResults(world, { runId: 'run-3', outcomes: { model_card: 'failed' } });
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
  });

  it('is overcome for good by a later run that people approved', () => {
    const world = createWorld();
    sayRejected(world, 'run-1');
    sayGoverned(world, { runId: 'run-2', record: { validUntil: at(100) } });
    expectVerdict(world.verdict(), 'governed');
    expectVerdict(world.verdict({ minute: 100 }), 'expired', 'record_expired');
    sayUnasked(world, 'run-3');
    expectVerdict(world.verdict({ minute: 100 }), 'governed');
  });

  it('is overcome by approvals that have expired since', () => {
    const world = createWorld();
    sayRejected(world, 'run-1');
    const asked = sayRun(world, { runId: 'run-2' });
    for (const person of ['liam', 'cora']) sayDecision(world, asked, person, { expiresAt: at(100) });
    expectVerdict(world.verdict({ minute: 100 }), 'expired', 'approval_expired');
  });

  it('is not overcome by an older run, approved as it is', () => {
    const world = createWorld();
    const older = sayRun(world, { runId: 'run-1' });
    sayRejected(world, 'run-2');
    for (const person of ['liam', 'cora']) sayDecision(world, older, person);
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
  });

  it.each([
    ['a stage that failed', { outcome: 'failed' }],
    ['a graver tier', { stage: 'risk_classification', riskTier: 'prohibited' }],
    ['another pipeline', { pipeline: LAX.digest }],
  ] as const)(
    'is weighed on what was put to the vote, whatever is said of the run later: %s',
    (_what, said) => {
      const world = createWorld();
      sayRejected(world, 'run-1');
      const body = stageResult('stage' in said ? said.stage : 'model_card', said);
      world.say({ kind: 'stage-result/v1', body });
      expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
      sayUnasked(world, 'run-2');
      expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
    },
  );

  it('counts where people were asked though the tier did not demand it', () => {
    const world = createWorld();
    const results = sayResults(world, { tier: 'minimal_risk' });
    const body = governanceRecord(results, { riskTier: 'minimal_risk' });
    const record = world.say({ kind: 'governance-record/v1', body });
    const request = world.say({
      kind: 'approval-request/v1',
      body: approvalRequest(record, { riskTier: 'minimal_risk' }),
    });
    expectVerdict(world.verdict(), 'governed');
    sayDecision(world, { results, record, request }, 'lea', { decision: 'rejected' });
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
  });

  it('through a pipeline that does not count does not count', () => {
    const world = createWorld();
    sayUnasked(world, 'run-1');
    const lax = { pipeline: LAX.digest };
    const asked = sayRun(world, { runId: 'run-2', result: lax, record: lax });
    sayDecision(world, asked, 'lea', { decision: 'rejected' });
    expectVerdict(world.verdict(), 'governed');
  });

  it('stands against whatever comes later without the word of people', () => {
    const unasked = fc.record({ run: anyRun, tier: fc.constantFrom('minimal_risk', 'limited_risk', null) });
    const later = fc.array(
      unasked.map(
        ({ run, tier }): RunPlan => ({
          ...run,
          ...(tier === null ? {} : { tier, recordTier: 'same' }),
          decisions: [],
        }),
      ),
      { minLength: 1, maxLength: 3 },
    );
    const earlier = fc.array(anyRun, { maxLength: 1 });
    const additions = fc.array(anyAddition, { maxLength: 3 });
    fc.assert(
      fc.property(earlier, later, additions, fc.boolean(), (before, after, added, approvedOnce) => {
        const world = bringAbout(before.map((run) => ({ ...run, runId: 'run-7' })));
        if (approvedOnce) sayGoverned(world, { runId: 'run-8' });
        sayPlanned(world, {
          ...GOOD,
          runId: 'run-0',
          decisions: [decision('cora'), decision('lea', { decision: 'rejected' })],
        });
        bringAbout(after, world);
        for (const addition of added) world.say(addition(world), { by: 'worker' });
        for (const verdict of [world.verdict({ minute: JUDGED_AT }), world.verdict({ minute: 80 * DAY })])
          expect(verdict.status).toBe('rejected');
        sayPlanned(world, { ...GOOD, runId: 'run-6', decisions: [decision('liam'), decision('cora')] });
        expect(world.verdict({ name: NAME, minute: JUDGED_AT }).status).not.toBe('rejected');
      }),
      { numRuns: 150 },
    );
  });
});
