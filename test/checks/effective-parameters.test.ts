import { describe, expect, it } from 'vitest';
import {
  BUILT_IN_CHECKS,
  effectiveParameters as effective,
  type StageOfChecks,
} from '../../src/checks/index.ts';

const PARITY = 'demographic_parity_within_threshold';
const ODDS = 'equalised_odds_within_threshold';

const stage = (parts: Partial<StageOfChecks>): StageOfChecks => ({
  name: 'bias_and_fairness',
  parameters: {},
  checks: [
    { name: PARITY, parameters: {} },
    { name: ODDS, parameters: {} },
  ],
  ...parts,
});

const effectiveParameters = (given: StageOfChecks) => effective(given, BUILT_IN_CHECKS);

describe('effectiveParameters', () => {
  it('gives each check the shared keys it knows, overlaid by its own', () => {
    const result = effectiveParameters(
      stage({
        parameters: { label: 'y', max_difference: 0.2 },
        checks: [
          { name: PARITY, parameters: { max_difference: 0.05 } },
          { name: ODDS, parameters: {} },
        ],
      }),
    );
    expect(result.ok && Object.fromEntries(result.value)).toEqual({
      [PARITY]: { max_difference: 0.05 },
      [ODDS]: { label: 'y', max_difference: 0.2 },
    });
  });

  it('accepts the reference pipeline, which sets nothing', () => {
    expect(effectiveParameters(stage({})).ok).toBe(true);
  });

  it('reports an unknown check with the known ones', () => {
    const result = effectiveParameters(stage({ checks: [{ name: 'vibes_checked', parameters: {} }] }));
    expect(result.ok ? [] : result.problems).toMatchObject([
      { path: ['checks', 0], message: 'there is no check "vibes_checked"' },
    ]);
    expect(result.ok ? '' : result.problems[0]?.fix).toContain(PARITY);
  });

  it('reports every wrong key and value with its path, a shared one once', () => {
    const result = effectiveParameters(
      stage({
        parameters: { colour: 'red', max_difference: 'large', mode: 'wild' },
        checks: [
          { name: PARITY, parameters: { label: 'y' } },
          { name: ODDS, parameters: { min_group_positives: 0 } },
        ],
      }),
    );
    const problems = result.ok ? [] : result.problems;
    expect(problems.map((problem) => ('path' in problem ? problem.path : []))).toEqual([
      ['parameters', 'colour'],
      ['parameters', 'mode'],
      ['parameters', 'max_difference'],
      ['checks', 0, 'parameters', 'label'],
      ['checks', 1, 'parameters', 'min_group_positives'],
    ]);
    expect(problems.map(({ message }) => message)).toContain('no check of this stage knows this parameter');
  });

  it('is not confused by keys of Object.prototype', () => {
    const result = effectiveParameters(stage({ parameters: { constructor: 1, toString: 2 } }));
    expect(result.ok ? [] : result.problems.map(({ where }) => where)).toEqual([
      'stage bias_and_fairness, parameter constructor',
      'stage bias_and_fairness, parameter toString',
    ]);
  });
});
