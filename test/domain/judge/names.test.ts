import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelName, Verdict } from '../../../src/domain/index.ts';
import { expectVerdict } from './expect-verdict.ts';
import { anyRun, bringAbout, decision, GOOD, JUDGED_AT } from './plan.ts';
import { sayResults } from './story.ts';
import { ARTIFACT, createWorld, NAME, POLICY } from './world.ts';

const TOY: ModelName = { modelId: 'toy', modelVersion: '1.0.0' };
const NEXT: ModelName = { ...NAME, modelVersion: '4.2.0' };
const NAMES = [NAME, TOY, NEXT];
/** The pipeline counts for every model. */
const EVERY_MODEL = {
  ...POLICY,
  pipelines: POLICY.pipelines.map((pipeline) => ({ ...pipeline, models: ['*'] })),
};
const newWorld = () => createWorld(ARTIFACT, EVERY_MODEL);

const APPROVED = [decision('lea'), decision('cora')];
const REJECTED = [decision('lea', { decision: 'rejected' })];
const UNASKED = { ...GOOD, tier: 'minimal_risk', runId: 'run-2' } as const;

describe('bytes that go by several names', () => {
  it('are judged, without a name, by the worst of them: a rejection is not laundered', () => {
    const world = bringAbout(
      [
        { ...GOOD, decisions: REJECTED },
        { ...UNASKED, name: TOY },
      ],
      newWorld(),
    );
    expectVerdict(world.verdict({ name: TOY }), 'governed');
    expectVerdict(world.verdict({ name: NAME }), 'rejected', 'approval_rejected');
    const verdict = world.verdict();
    expectVerdict(verdict, 'rejected', 'approval_rejected');
    expect(verdict.basis).toMatchObject(NAME);
  });

  it('are not freed of it by approvals under another name', () => {
    const toy = { ...GOOD, runId: 'run-2', name: TOY, decisions: APPROVED };
    const world = bringAbout([{ ...GOOD, decisions: REJECTED }, toy], newWorld());
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
  });

  it('fail with any name that failed, and a rejection comes before a failure', () => {
    const world = bringAbout([{ ...GOOD, decisions: APPROVED }], newWorld());
    sayResults(world, { runId: 'run-2', outcomes: { model_card: 'failed' }, result: TOY });
    expectVerdict(world.verdict({ name: NAME }), 'governed');
    expectVerdict(world.verdict(), 'failed', 'stage_not_passed');
    bringAbout([{ ...GOOD, runId: 'run-3', name: NEXT, decisions: REJECTED }], world);
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
  });

  it.each([
    ['pending', { ...GOOD, decisions: [] }],
    ['ungoverned', { ...GOOD, trusted: false }],
    ['expired', { ...GOOD, decisions: APPROVED, recordGoodFor: 10 }],
  ] as const)('are governed by one name while another is %s, whichever is newer', (status, other) => {
    const good = { ...GOOD, runId: 'run-2', name: TOY, decisions: APPROVED };
    for (const runs of [
      [other, good],
      [good, other],
    ]) {
      const world = bringAbout(runs, newWorld());
      expect(world.verdict({ name: NAME, minute: JUDGED_AT }).status).toBe(status);
      const verdict = world.verdict({ minute: JUDGED_AT });
      expectVerdict(verdict, 'governed');
      expect(verdict.basis).toMatchObject(TOY);
    }
  });

  it('are, without a name, what one of the names is: the worst if refused by people or checks, else the best', () => {
    const order: readonly Verdict['status'][] = [
      'rejected',
      'failed',
      'governed',
      'expired',
      'pending',
      'ungoverned',
    ];
    const named = fc.record({ run: anyRun, name: fc.constantFrom(...NAMES) });
    const runs = fc.array(named, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(runs, (plans) => {
        const world = bringAbout(
          plans.map(({ run, name }) => ({ ...run, name })),
          newWorld(),
        );
        const verdicts = NAMES.map((name) => world.verdict({ name, minute: JUDGED_AT }));
        const verdict = world.verdict({ minute: JUDGED_AT });
        const settled = verdicts.filter((one) => !lackedEvidence(one)).map(({ status }) => status);
        const best = order.find((status) => settled.includes(status));
        // A run that only lacked evidence says no more of the bytes than one that is under way.
        const open = verdicts.filter((one) => lackedEvidence(one) || one.status === 'pending');
        const expected =
          best === undefined || order.indexOf(best) >= order.indexOf('pending')
            ? open.map(({ status }) => status)
            : [];
        expect([best, ...expected]).toContain(verdict.status);
        if (expected.length === 0) expect(verdict.status).toBe(best);
        const outcome = ({ status, basis }: Verdict) => ({ status, basis });
        if (verdict.basis !== null) expect(verdicts.map(outcome)).toContainEqual(outcome(verdict));
      }),
      { numRuns: 200 },
    );
  });
});

/** Whether a verdict is that of a run in which no check found anything wrong, and some found too little. */
function lackedEvidence({ status, reasons }: Verdict): boolean {
  return (
    status === 'failed' &&
    reasons.every(
      ({ code, message }) =>
        code === 'submitter_unmapped' || (code === 'stage_not_passed' && !message.includes(': failed')),
    )
  );
}
