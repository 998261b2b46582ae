import { beforeAll, describe, expect, it } from 'vitest';
import {
  auditChecks,
  BUILT_IN_CHECKS,
  type CheckRunner,
  checkByName,
  type KnownCases,
  loadKnownCases,
  readsEvidence,
  SHIPPED_CASES,
} from '../../../src/checks/index.ts';
import type { CheckAudit } from '../../../src/domain/index.ts';
import { NOT_ISOLATED } from '../../support/ground.ts';
import { unsaid } from '../support/remedies.ts';

const MINUTE = 60_000;
const NOW = '2026-11-23T10:00:00.000Z';

describe('the cases that come with the product', () => {
  let known: KnownCases;
  beforeAll(async () => {
    known = await loadKnownCases([SHIPPED_CASES]);
  });

  it('can all be read, and are of checks that there are', () => {
    expect(known.problems).toEqual([]);
    const strays = known.cases.filter(({ check }) => BUILT_IN_CHECKS.find(check) === undefined);
    expect(strays.map(({ file }) => file)).toEqual([]);
  });

  it('say what they show', () => {
    expect(known.cases.filter(({ shows }) => shows === '').map(({ file }) => file)).toEqual([]);
  });

  // In this process: CI has `countersign audit-checks` do the same in the sandbox.
  it('prove every built-in check right, and that each problem has a remedy', {
    timeout: 3 * MINUTE,
  }, async () => {
    const wish = { checks: BUILT_IN_CHECKS.entries, known, auditedAt: NOW };
    const guesses: unknown[] = [];
    const audits = await auditChecks(inThisProcess(guesses), { ...wish, concurrency: 1 });
    expect(audits.filter(({ outcome }) => outcome !== 'right').map(whatIsWrong)).toEqual([]);
    expect(guesses).toEqual([]);
  });
});

/**
 * Runs checks where we are: what they find is the same, and no process has to start.
 *
 * @param guesses gets what any report leaves its reader to guess
 */
const inThisProcess = (guesses: unknown[]): Pick<CheckRunner, 'run'> => ({
  run: async (request) => {
    const check = checkByName(request.check);
    if (check === undefined) throw new Error(`no check ${request.check}`);
    const evidence = new Map([...request.evidence].filter(([name]) => readsEvidence(check, name)));
    const found = await check.run({ ...request, evidence });
    guesses.push(...unsaid(found).map((what) => ({ check: check.name, what })));
    return { result: { ...found, check: check.name, version: check.version }, isolation: NOT_ISOLATED };
  },
});

function whatIsWrong({ check, answers, gaps }: CheckAudit) {
  return { check, gaps, wrong: answers.filter(({ fault }) => fault !== null) };
}
