import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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
  let cacheFolder: string;
  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'countersign-shipped-'));
    known = await loadKnownCases([SHIPPED_CASES]);
  });
  afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

  it('can all be read, and are of checks that there are', () => {
    expect(known.problems).toEqual([]);
    const strays = known.cases.filter(({ check }) => BUILT_IN_CHECKS.find(check) === undefined);
    expect(strays.map(({ file }) => file)).toEqual([]);
  });

  it('say what they show', () => {
    expect(known.cases.filter(({ shows }) => shows === '').map(({ file }) => file)).toEqual([]);
  });

  it('prove every built-in check right', { timeout: 10 * MINUTE }, async () => {
    const runner = createCheckRunner({ cacheFolder });
    onTestFinished(() => runner.close());
    const wish = { checks: BUILT_IN_CHECKS.entries, known, auditedAt: NOW };
    const audits = await auditChecks(runner, { ...wish, concurrency: availableParallelism() });
    expect(audits.filter(({ outcome }) => outcome !== 'right').map(whatIsWrong)).toEqual([]);
  });
});

function whatIsWrong({ check, answers, gaps }: CheckAudit) {
  return { check, gaps, wrong: answers.filter(({ fault }) => fault !== null) };
}
