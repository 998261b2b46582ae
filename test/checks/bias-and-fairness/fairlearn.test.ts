import { describe, expect, it } from 'vitest';
import { decisionColumns } from '../../../src/checks/predictions/parameters.ts';
import { recompute } from '../../../src/checks/predictions/recompute.ts';
import type { CheckReport } from '../../../src/domain/index.ts';
import { RATIONALE } from '../support/decisions.ts';
import { FAIRLEARN_CSV } from '../support/fairlearn.ts';
import { csv, fileOf, runCheck, temporaryFolder } from '../support/workspace.ts';

const PARAMETERS = {
  prediction: 'p',
  protected_attributes: ['sf'],
  rationale: RATIONALE,
  mode: 'point',
  min_group_size: 2,
};
const ODDS = { ...PARAMETERS, label: 'y', min_group_positives: 1, min_group_negatives: 1 };

const measured = (report: CheckReport) =>
  Object.fromEntries(report.measurements.map(({ name, value }) => [name, value]));

/** Rates by group from the table in the details. */
function rates(report: CheckReport, attribute: string, rate: string): Record<string, number | null> {
  const comparisons = report.details['comparisons'] as {
    attribute: string;
    groups: ({ group: string } & Record<string, { value: number | null }>)[];
  }[];
  const groups = comparisons.find((one) => one.attribute === attribute)?.groups ?? [];
  return Object.fromEntries(groups.map((group) => [group.group, group[rate]?.value ?? null]));
}

describe('the numbers that fairlearn documents', () => {
  const evidence = { predictions: FAIRLEARN_CSV };

  it('demographic parity difference 0.25', async () => {
    const report = await runCheck('demographic_parity_within_threshold', evidence, {
      parameters: PARAMETERS,
    });
    expect(measured(report)['demographic_parity_difference[sf]']).toBeCloseTo(0.25, 12);
    expect(rates(report, 'sf', 'selection_rate')).toEqual({ a: 0.75, b: 0.5, c: 0.5 });
    expect(report.outcome).toBe('failed');
  });

  it('demographic parity ratio 0.6667', async () => {
    const report = await runCheck('disparate_impact_ratio_above_minimum', evidence, {
      parameters: PARAMETERS,
    });
    expect(measured(report)['disparate_impact_ratio[sf]']).toBeCloseTo(2 / 3, 12);
    expect(report.outcome).toBe('failed');
  });

  it('equalized odds difference 1.0, from true positive 0.2 and false positive 1.0', async () => {
    const report = await runCheck('equalised_odds_within_threshold', evidence, { parameters: ODDS });
    expect(measured(report)['true_positive_rate_difference[sf]']).toBeCloseTo(0.2, 12);
    expect(measured(report)['false_positive_rate_difference[sf]']).toBeCloseTo(1, 12);
    expect(rates(report, 'sf', 'true_positive_rate')).toEqual({ a: 0.5, b: 0.6, c: 0.4 });
    expect(rates(report, 'sf', 'false_positive_rate')).toEqual({ a: 1, b: 0, c: 2 / 3 });
  });

  it('recall weighted by row: 0.5, 0.583333, 0.25', async () => {
    const report = await runCheck('equalised_odds_within_threshold', evidence, {
      parameters: { ...ODDS, weight: 'w' },
    });
    const { a, b, c } = rates(report, 'sf', 'true_positive_rate');
    expect([a, b, c].map((rate) => rate?.toFixed(6))).toEqual(['0.500000', '0.583333', '0.250000']);
  });

  it('recall weighted over all rows: 0.454545', async () => {
    const file = await fileOf(await temporaryFolder(), 'predictions', FAIRLEARN_CSV);
    const columns = decisionColumns({
      prediction: 'p',
      positive_outcome: 1,
      positive_when: 'at_or_above',
      label: 'y',
      weight: 'w',
    });
    if (typeof columns === 'string') throw new Error(columns);
    const recall = { where: 'card', type: 'recall', value: 0.454545, slice: [], sliceText: '' };
    const recomputed = await recompute(file, columns, [recall]);
    expect(recomputed).toEqual({ ok: true, value: [{ kind: 'value', value: expect.closeTo(5 / 11, 12) }] });
  });

  it('recall by two features at once', async () => {
    const report = await runCheck('equalised_odds_within_threshold', evidence, {
      parameters: { ...ODDS, protected_attributes: ['sf', 'g2'] },
    });
    expect(rates(report, 'sf & g2', 'true_positive_rate')).toEqual({
      'a & 6': 0,
      'a & 8': 1,
      'b & 6': 2 / 3,
      'b & 8': 0.5,
      'c & 6': 0.5,
      'c & 8': 0,
    });
  });
});

/** Rows of y, p and sf. */
const table = (rows: readonly (readonly (string | number)[])[]) => ({
  predictions: csv(['y', 'p', 'sf'], rows),
});
const times = (count: number, row: readonly (string | number)[]) => Array.from({ length: count }, () => row);

describe('where fairlearn reports a number and we do not', () => {
  it('0.8 and 0.4: difference 0.4 and ratio 0.5, as fairlearn', async () => {
    const evidence = table([
      ...times(4, [1, 1, 'm']),
      [1, 0, 'm'],
      ...times(2, [1, 1, 'f']),
      ...times(3, [1, 0, 'f']),
    ]);
    const parity = await runCheck('demographic_parity_within_threshold', evidence, {
      parameters: PARAMETERS,
    });
    const impact = await runCheck('disparate_impact_ratio_above_minimum', evidence, {
      parameters: PARAMETERS,
    });
    expect(measured(parity)['demographic_parity_difference[sf]']).toBeCloseTo(0.4, 12);
    expect(measured(impact)['disparate_impact_ratio[sf]']).toBeCloseTo(0.5, 12);
  });

  it('a group without positives has no true positive rate, not 0', async () => {
    const evidence = table([...times(20, [1, 1, 'm']), ...times(20, [0, 0, 'm']), ...times(20, [0, 0, 'f'])]);
    const report = await runCheck('equalised_odds_within_threshold', evidence, { parameters: ODDS });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(rates(report, 'sf', 'true_positive_rate')).toEqual({ f: null, m: 1 });
    expect(report.message).toContain('"f" is too small to assess: 0 positives of at least 1');
  });

  it('rates that are all 0 compare nothing', async () => {
    const evidence = table([...times(40, [1, 0, 'm']), ...times(40, [0, 0, 'f'])]);
    for (const check of ['demographic_parity_within_threshold', 'disparate_impact_ratio_above_minimum']) {
      const report = await runCheck(check, evidence, { parameters: PARAMETERS });
      expect(report.outcome).toBe('insufficient_evidence');
      expect(report.message).toContain('every rate is 0');
    }
  });

  it('one group compares nothing', async () => {
    const report = await runCheck('demographic_parity_within_threshold', table(times(40, [1, 1, 'm'])), {
      parameters: PARAMETERS,
    });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('fewer than two groups can be compared');
  });

  it('scores in the place of decisions are refused', async () => {
    const evidence = table([
      ...times(20, [1, 0.91, 'm']),
      ...times(20, [0, 0.13, 'f']),
      ...times(9, [0, 0.5, 'f']),
    ]);
    const report = await runCheck('demographic_parity_within_threshold', evidence, {
      parameters: PARAMETERS,
    });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('"p" has more than two values');
  });

  it('two scores in the place of decisions are refused because the labels never have them', async () => {
    const evidence = table([...times(20, [1, 1, 'm']), ...times(20, [0, 0.13, 'f'])]);
    const report = await runCheck('equalised_odds_within_threshold', evidence, { parameters: ODDS });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('"p" has the value "0.13", which "y" never has');
  });
});
