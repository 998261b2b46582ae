import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, nextChange, nextRuleChange, type Verdict } from '../../../src/domain/index.ts';
import { anyRuns, bringAbout, GOOD } from './plan.ts';
import { sayOverride, sayRun } from './story.ts';
import { at, createWorld, DAY, PIPELINE, POLICY, type World } from './world.ts';

/** As a ledger asked at that minute would have it judged. */
function verdictAt(world: World, minute: number): Omit<Verdict, 'asOf' | 'judgedAt'> {
  const view = world.view({ issuedAt: at(minute), validUntil: at(minute + DAY) });
  const { asOf: _, judgedAt: __, ...verdict } = judge(world.input({ minute, view }));
  return verdict;
}

/** The first instant at which time or rules may change something; the end of time for never. */
function changeAfter(world: World, minute: number): string {
  const input = world.input({ minute });
  const moments = [nextChange(input), nextRuleChange(input.trust, input.people, input.now)];
  return moments.map((moment) => moment ?? '9999').sort()[0] ?? '9999';
}

const anyMinute = fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 120 * DAY }));

describe('what the judge says', () => {
  it('stays as it is until the next instant that was foretold', () => {
    let changed = 0;
    fc.assert(
      fc.property(anyRuns, fc.boolean(), anyMinute, anyMinute, (runs, overridden, one, other) => {
        const world = bringAbout(runs);
        const minute = Math.min(one, other);
        if (overridden) sayOverride(world);
        const [before, after] = [verdictAt(world, minute), verdictAt(world, Math.max(one, other))];
        if (at(Math.max(one, other)) < changeAfter(world, minute)) expect(after).toEqual(before);
        else if (JSON.stringify(after) !== JSON.stringify(before)) changed += 1;
      }),
      { numRuns: 200 },
    );
    expect(changed).toBeGreaterThan(5);
  });

  it('changes at that instant, and not a millisecond before', () => {
    const world = bringAbout([{ ...GOOD, decisions: [], tier: 'minimal_risk', recordGoodFor: 10 * DAY }]);
    const input = world.input({ minute: 7 * DAY });
    expect(nextChange(input)).toBe(at(10 * DAY));
    expect(verdictAt(world, 10 * DAY - 1 / 60_000).status).toBe('governed');
    expect(verdictAt(world, 10 * DAY).status).toBe('expired');
  });

  it('ends where the ledger’s clock ends it, whatever a statement says of itself', () => {
    const world = createWorld();
    sayRun(world, { tier: 'minimal_risk', record: { validUntil: at(1000 * DAY) } });
    const recordedAt = world.entries[3]?.recordedAt ?? '';
    const input = world.input({ minute: 89 * DAY });
    expect(Date.parse(nextChange(input) ?? '') - Date.parse(recordedAt)).toBe(
      PIPELINE.recordValidityDays * DAY * 60_000,
    );
  });

  it('may change when a role or a policy ends', () => {
    const edition = { version: 1, issuedAt: at(-10), validUntil: at(500) };
    const world = createWorld(undefined, { ...POLICY, edition });
    const ruleChange = (minute: number) => {
      const { trust, people, now } = world.input({ minute });
      return nextRuleChange(trust, people, now);
    };
    expect([0, 30, 60, 500].map(ruleChange)).toEqual([at(30), at(60), at(500), null]);
  });
});
