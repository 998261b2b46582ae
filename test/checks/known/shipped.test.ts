import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  auditChecks,
  BUILT_IN_CHECKS,
  createCheckRunner,
  type KnownCases,
  loadKnownCases,
  SHIPPED_CASES,
} from '../../../src/checks/index.ts';
import type { CheckAudit } from '../../../src/domain/index.ts';

const MINUTE = 60_000;
const NOW = '2026-11-23T10:00:00.000Z';

describe('the cases that come with the product', () => {
  let known: KnownCases;
  const runner = createCheckRunner();
  beforeAll(async () => {
    known = await loadKnownCases([SHIPPED_CASES]);
  });
  afterAll(() => runner.close());

  it('can all be read, and are of checks that there are', () => {
    expect(known.problems).toEqual([]);
    const strays = known.cases.filter(({ check }) => BUILT_IN_CHECKS.find(check) === undefined);
    expect(strays.map(({ file }) => file)).toEqual([]);
  });

  it('say what they show', () => {
    expect(known.cases.filter(({ shows }) => shows === '').map(({ file }) => file)).toEqual([]);
  });

  it('prove every built-in check right', { timeout: 10 * MINUTE }, async () => {
    const wish = { checks: BUILT_IN_CHECKS.entries, known, auditedAt: NOW };
    const audits = await auditChecks(runner, { ...wish, concurrency: availableParallelism() });
    expect(audits.filter(({ outcome }) => outcome !== 'right').map(whatIsWrong)).toEqual([]);
  });
});

function whatIsWrong({ check, answers, gaps }: CheckAudit) {
  return { check, gaps, wrong: answers.filter(({ fault }) => fault !== null) };
}
