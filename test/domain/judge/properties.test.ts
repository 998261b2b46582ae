import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, type Predicate } from '../../../src/domain/index.ts';
import { anyAddition, within } from './addition.ts';
import { couldBeAllowed } from './oracle.ts';
import { anyRun, anyRuns, bringAbout, decision, GOOD, JUDGED_AT, type RunPlan, sayPlanned } from './plan.ts';
import { createWorld, DAY, type Hand, OTHER, resigned } from './world.ts';

const RUNS = { numRuns: 150 };
const minute = JUDGED_AT;

/** Some of a list, each kept or left out. */
function someOf<T>(items: readonly T[], keep: readonly boolean[]): T[] {
  return items.filter((_item, index) => keep[index % keep.length]);
}

const anyChoice = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });

describe('the judge', () => {
  it('sees both allowances and refusals here, or the properties below would say little', () => {
    const verdicts = fc
      .sample(anyRuns, { numRuns: 300, seed: 1 })
      .map((runs) => bringAbout(runs).verdict({ minute }));
    const statuses = new Set(verdicts.map(({ status }) => status));
    expect(verdicts.filter(({ allowed }) => allowed).length).toBeGreaterThan(20);
    expect(verdicts.filter(({ allowed }) => !allowed).length).toBeGreaterThan(100);
    expect([...statuses].sort()).toEqual([
      'expired',
      'failed',
      'governed',
      'pending',
      'rejected',
      'ungoverned',
    ]);
  });

  it('(a) never turns no into yes because something was left out', () => {
    fc.assert(
      fc.property(anyRuns, anyChoice, fc.boolean(), (runs, keep, withView) => {
        const input = bringAbout(runs).input({ minute });
        const less = {
          ...input,
          statements: someOf(input.statements, keep),
          view: withView ? input.view : null,
        };
        expect(judge(less).allowed && !judge(input).allowed).toBe(false);
        if (!withView) expect(judge(less).allowed).toBe(false);
      }),
      RUNS,
    );
  });

  it('(a) nor because something was swapped for the same under another key', () => {
    const hands = fc.array(fc.constantFrom<Hand | null>(null, 'worker', 'approvals', 'ledger', 'retired'), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(anyRuns, hands, fc.boolean(), (runs, by, beside) => {
        const input = bringAbout(runs).input({ minute });
        const swapped = input.statements.flatMap((statement, index) => {
          const hand = by[index % by.length];
          const copy = hand ? resigned(statement, hand) : null;
          return copy === null ? [statement] : beside ? [copy, statement] : [copy];
        });
        expect(judge({ ...input, statements: swapped }).allowed && !judge(input).allowed).toBe(false);
        if (beside) expect(judge({ ...input, statements: swapped })).toEqual(judge(input));
      }),
      RUNS,
    );
  });

  it('(b) is not helped by statements about other bytes, listed or not', () => {
    fc.assert(
      fc.property(anyRuns, anyRuns, fc.boolean(), (runs, others, listed) => {
        const world = bringAbout(runs);
        const before = world.verdict({ minute });
        const elsewhere = others.map((run) => ({ ...run, otherBytes: true }));
        if (listed) bringAbout(elsewhere, world);
        else world.said.push(...bringAbout(elsewhere, createWorld(OTHER)).said);
        const after = world.verdict({ minute });
        expect([after.allowed, after.status]).toEqual([before.allowed, before.status]);
      }),
      RUNS,
    );
  });

  it('(b) gives no other bytes what one artifact has earned', () => {
    const approved = [decision('lea'), decision('cora')];
    const world = bringAbout([{ ...GOOD, decisions: approved }]);
    expect(world.verdict({ minute }).allowed).toBe(true);
    const view = world.view({ artifact: OTHER.digest });
    for (const changes of [{}, { view }, { view: null }])
      expect(world.verdict({ ...changes, artifact: OTHER.digest, minute }).allowed).toBe(false);
    expect(world.verdict({ view, minute }).allowed).toBe(false);
  });

  it('(c) never takes one person for two, whatever roles they hold and however often they decide', () => {
    const person = fc.constantFrom('omni', 'lea', 'cora', 'sam', 'ada');
    const roleSets = fc.array(fc.subarray(['ml_lead', 'compliance_officer'], { minLength: 1 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(person, roleSets, fc.array(anyRun, { maxLength: 1 }), (who, claims, others) => {
        const decisions = claims.map((roles) => decision(who, { roles }));
        const only = others.map((run) => ({
          ...run,
          tier: 'high_risk' as const,
          recordTier: 'same' as const,
          decisions,
        }));
        const world = bringAbout([
          ...only,
          { ...GOOD, runId: 'run-9', submitter: 'nora', author: 'nora', decisions },
        ]);
        expect(world.verdict({ minute }).allowed).toBe(false);
      }),
      RUNS,
    );
  });

  it('(d) never counts the submitter or an author', () => {
    const makers = fc.constantFrom(['omni', 'ada'], ['sam', 'omni'], ['omni', 'omni']);
    const extra = fc.array(fc.constantFrom('omni', 'lea', 'liam'), { maxLength: 6 });
    fc.assert(
      fc.property(makers, extra, ([submitter = null, author = null], people) => {
        const decisions = ['omni', 'lea', ...people].map((person) => decision(person));
        const world = bringAbout([{ ...GOOD, submitter, author, decisions }]);
        const verdict = world.verdict({ minute });
        expect(verdict.allowed).toBe(false);
        expect(verdict.basis?.approvals.map(({ person }) => person)).not.toContain('omni');
        const without = bringAbout([{ ...GOOD, decisions }]).verdict({ minute });
        expect(without.allowed).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('(e) lets nothing count that was signed by a key outside its kinds or its window', () => {
    const wrongHand = fc.constantFrom<Hand>('ledger', 'monitor', 'retired');
    fc.assert(
      fc.property(anyRuns, anyChoice, wrongHand, (runs, choice, hand) => {
        const honest = bringAbout(runs);
        const bodies = honest.said.map((statement) => statement as Predicate);
        const [mixed, less] = [createWorld(), createWorld()];
        for (const [index, body] of bodies.entries()) {
          const bad = choice[index % choice.length] === true;
          mixed.say(body, bad ? { by: hand } : {});
          if (!bad) less.say(body, { minute: index + 1 });
        }
        const [withBad, without] = [mixed.verdict({ minute }), less.verdict({ minute })];
        expect([withBad.status, withBad.basis, withBad.reasons]).toEqual([
          without.status,
          without.basis,
          without.reasons,
        ]);
      }),
      RUNS,
    );
  });

  it('(f) says the same of the same, in whatever order and however often it is presented', () => {
    fc.assert(
      fc.property(
        anyRuns.chain((runs) => {
          const input = bringAbout(runs).input({ minute });
          const indexes = input.statements.map((_statement, index) => index);
          const order = fc.shuffledSubarray([...indexes, ...indexes], { minLength: indexes.length * 2 });
          return fc.record({ input: fc.constant(input), order });
        }),
        ({ input, order }) => {
          const shuffled = order.flatMap((index) => input.statements[index] ?? []);
          expect(judge({ ...input, statements: shuffled })).toEqual(judge(input));
          expect(judge(structuredClone(input))).toEqual(judge(input));
        },
      ),
      RUNS,
    );
  });

  it('(g) allows only what a plain reading of the rules allows', () => {
    fc.assert(
      fc.property(anyRuns, fc.constantFrom(20, 3 * DAY, minute, 89 * DAY, 91 * DAY), (runs, when) => {
        const input = bringAbout(runs).input({ minute: when });
        const verdict = judge(input);
        if (verdict.allowed) expect(couldBeAllowed(input)).toBe(true);
        expect(verdict.allowed).toBe(verdict.reasons.length === 0);
        if (verdict.allowed) expect(input.now < (verdict.basis?.validUntil ?? '')).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('(h) is not moved by anything that the worker alone adds, where the tier is high and nobody approved', () => {
    fc.assert(
      fc.property(anyRuns, anyAddition, fc.boolean(), (runs, addition, early) => {
        const high = runs.map(
          (run): RunPlan => ({ ...run, tier: 'high_risk', recordTier: 'same', decisions: [] }),
        );
        const world = early ? createWorld() : bringAbout(high);
        world.say(addition(world), { by: 'worker' });
        if (early) bringAbout(high, world);
        expect(world.verdict({ minute }).allowed).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('(i) lets no later word of the worker revive a run that failed a stage or was rejected', () => {
    fc.assert(
      fc.property(anyRuns, fc.array(anyAddition, { minLength: 1, maxLength: 3 }), (runs, additions) => {
        const world = createWorld();
        sayPlanned(world, { ...GOOD, runId: 'run-0', decisions: [decision('lea'), decision('cora')] });
        bringAbout(runs, world);
        const before = world.verdict({ minute });
        const final = ['stage_not_passed', 'tier_prohibited', 'approval_rejected'];
        const runId = before.basis?.runId;
        fc.pre(runId !== undefined && before.reasons.some(({ code }) => final.includes(code)));
        for (const addition of additions) world.say(within(addition(world), runId ?? ''), { by: 'worker' });
        expect(world.verdict({ minute }).allowed).toBe(false);
      }),
      RUNS,
    );
  });
});
