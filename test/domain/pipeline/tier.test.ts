import { describe, expect, it } from 'vitest';
import { type CheckResult, RISK_TIERS, TIER_CHECK, tierOf } from '../../../src/domain/index.ts';

const result = (riskTier: unknown, changes: Partial<CheckResult> = {}): CheckResult => ({
  check: TIER_CHECK,
  version: '1',
  outcome: 'passed',
  message: 'it passed',
  problems: [],
  measurements: [],
  details: { risk_tier: riskTier as string },
  ...changes,
});

describe('tierOf', () => {
  it.each(RISK_TIERS)('is what the check that assigns it found: %s', (tier) => {
    expect(tierOf([result('high_risk', { check: 'another_check' }), result(tier)])).toBe(tier);
  });

  it('is unknown where the check was not run, or did not pass', () => {
    expect(tierOf([])).toBeNull();
    expect(tierOf([result('minimal_risk', { check: 'another_check' })])).toBeNull();
    for (const outcome of ['failed', 'insufficient_evidence', 'not_applicable', 'errored'] as const)
      expect(tierOf([result('minimal_risk', { outcome })])).toBeNull();
  });

  it.each([
    [undefined],
    [null],
    [7],
    [''],
    ['High_Risk'],
    ['toString'],
    [['high_risk']],
    [{ tier: 'high_risk' }],
  ])('is unknown where the check says what is no tier: %j', (said) => {
    expect(tierOf([result(said)])).toBeNull();
    expect(tierOf([result('minimal_risk'), result(said)])).toBeNull();
  });

  it('is unknown where the check does not say', () => {
    expect(tierOf([result('high_risk', { details: {} })])).toBeNull();
  });

  it('is the gravest of several, in whatever order', () => {
    const both = [result('minimal_risk'), result('high_risk')];
    expect(tierOf(both)).toBe('high_risk');
    expect(tierOf(both.toReversed())).toBe('high_risk');
  });
});
