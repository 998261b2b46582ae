import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { auditChecks, createCheckRunner, type KnownCase, loadKnownCases } from '../../../src/checks/index.ts';
import { type CaseAnswer, type CheckResult, digestOf, type Outcome } from '../../../src/domain/index.ts';
import { NOT_ISOLATED } from '../../support/ground.ts';
import { alreadyKnown } from '../support/isolation.ts';
import { request } from '../support/runner.ts';
import { NOW } from '../support/workspace.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/cases');
const runner = createCheckRunner(alreadyKnown());
afterAll(() => runner.close());

const known = (name: string, parts: Partial<KnownCase> = {}): KnownCase => ({
  check: 'a_check',
  name,
  kind: name.startsWith('good') ? 'good' : 'bad',
  shows: '',
  file: `${name}/case.yaml`,
  expect: name.startsWith('good') ? 'passed' : 'failed',
  expectMessage: name.startsWith('good') ? null : 'too old',
  request: request('a_check', { modelId: name }),
  digest: digestOf(name),
  ...parts,
});

/** A runner that gives these outcomes, by case. */
function answering(outcomes: Readonly<Record<string, Outcome>>, said: Partial<CheckResult> = {}) {
  const peak = { now: 0, most: 0 };
  return {
    peak,
    run: async ({ check, modelId }: KnownCase['request']) => {
      peak.most = Math.max(peak.most, ++peak.now);
      await Promise.resolve();
      peak.now -= 1;
      const outcome = outcomes[modelId] ?? 'errored';
      const result = {
        check,
        version: '1',
        outcome,
        message: 'said',
        problems: [],
        measurements: [],
        details: {},
        ...said,
      };
      return { result, isolation: NOT_ISOLATED };
    },
  };
}

const audit = async (cases: readonly KnownCase[], outcomes: Readonly<Record<string, Outcome>>, said = {}) => {
  const wish = { checks: [{ name: 'a_check', version: '1' }], auditedAt: NOW, concurrency: 2 };
  const [found] = await auditChecks(answering(outcomes, said), { ...wish, known: { cases, problems: [] } });
  if (found === undefined) throw new Error('nothing was audited');
  return found;
};

describe('an audit', () => {
  it('runs real checks in their sandbox on real cases', { timeout: 60_000 }, async () => {
    const cases = await loadKnownCases([FIXTURES]);
    const checks = ['risk_tier_assigned', 'intended_use_defined'].map((name) => ({ name, version: '1.0.0' }));
    const told: [string, CaseAnswer][] = [];
    const onAnswer = (check: string, answer: CaseAnswer) => void told.push([check, answer]);
    const wish = { checks, known: cases, auditedAt: NOW, concurrency: 2, onAnswer };
    const audits = await auditChecks(runner, wish);
    expect(audits.map(({ check, outcome, answers }) => [check, outcome, answers.map((a) => a.case)])).toEqual(
      [
        ['risk_tier_assigned', 'right', ['bad-other-version', 'good-example']],
        ['intended_use_defined', 'right', ['bad-no-card', 'good-example']],
      ],
    );
    expect(told).toHaveLength(4);
  });

  it.each([
    ['passes what it should fail', { bad: 'passed' }, 'passes_what_it_should_fail'],
    ['lets through what it should fail', { bad: 'not_applicable' }, 'passes_what_it_should_fail'],
    ['finds too little where it should find a fault', { bad: 'insufficient_evidence' }, 'other_outcome'],
    ['breaks down on a bad case', { bad: 'errored' }, 'errored'],
    ['fails what it should pass', { good: 'failed' }, 'fails_what_it_should_pass'],
    ['finds nothing in a good case', { good: 'insufficient_evidence' }, 'fails_what_it_should_pass'],
    ['breaks down on a good case', { good: 'errored' }, 'errored'],
  ] as const)('notices a check that %s', async (_name, outcomes, fault) => {
    const found = await audit(
      [known('good'), known('bad')],
      { good: 'passed', bad: 'failed', ...outcomes },
      { message: 'the card is too old' },
    );
    expect(found.outcome).toBe('unreliable');
    expect(found.answers.flatMap((answer) => answer.fault ?? [])).toEqual([fault]);
  });

  it('notices a check that fails for another reason, wherever it says the reason', async () => {
    const cases = [known('good'), known('bad')];
    const outcomes = { good: 'passed', bad: 'failed' } as const;
    expect((await audit(cases, outcomes)).answers[1]?.fault).toBe('wrong_reason');
    expect((await audit(cases, outcomes, { message: 'it is too old' })).outcome).toBe('right');
    const problems = [{ where: 'card: date', message: 'is too old' }];
    expect((await audit(cases, outcomes, { problems })).outcome).toBe('right');
  });

  it('proves nothing without a good and a bad case, or where one cannot be read', async () => {
    const said = { message: 'it is too old' };
    const lacks = async (cases: KnownCase[]) =>
      (await audit(cases, { good: 'passed', bad: 'failed' }, said)).gaps;
    expect(await lacks([known('good')])).toEqual(['it has no known-bad case']);
    expect(await lacks([known('bad')])).toEqual(['it has no known-good case']);
    expect(await lacks([])).toHaveLength(2);
    const [found] = await auditChecks(answering({ good: 'passed', bad: 'failed' }, said), {
      checks: [{ name: 'a_check', version: '1' }],
      known: {
        cases: [known('good'), known('bad')],
        problems: [
          { check: 'a_check', where: 'x.yaml:1:1', message: 'is wrong' },
          { check: 'b_check', where: 'y.yaml:1:1', message: 'is wrong' },
        ],
      },
      auditedAt: NOW,
      concurrency: 1,
    });
    expect(found).toMatchObject({ outcome: 'unproven', gaps: ['x.yaml:1:1: is wrong'] });
  });

  it('runs no more cases at a time than it may, and none of other checks', async () => {
    const cases = ['good-a', 'good-b', 'good-c', 'bad-d'].map((name) => known(name));
    const stub = answering(Object.fromEntries(cases.map(({ name, expect: right }) => [name, right])));
    const others = [known('good-z', { check: 'b_check' })];
    const wish = { checks: [{ name: 'a_check', version: '1' }], auditedAt: NOW, concurrency: 2 };
    const [found] = await auditChecks(stub, {
      ...wish,
      known: { cases: [...cases, ...others], problems: [] },
    });
    expect(stub.peak.most).toBe(2);
    expect(found?.answers.map((answer) => answer.case)).toEqual(['good-a', 'good-b', 'good-c', 'bad-d']);
  });
});
