import { describe, expect, it } from 'vitest';
import { DECISION_PARAMETERS, decisionsCsv } from '../support/decisions.ts';
import { runCheck } from '../support/workspace.ts';

const PARAMETERS = { ...DECISION_PARAMETERS, protected_attributes: ['sex'] };
const run = (groups: readonly (readonly [string, number, number])[], parameters: object = {}) =>
  runCheck(
    'disparate_impact_ratio_above_minimum',
    {
      predictions: decisionsCsv(
        ['sex'],
        groups.map(([value, rows, approved]) => ({ values: [value], rows, approved })),
      ),
    },
    { parameters: { ...PARAMETERS, ...parameters } },
  );

describe('the highest rate as reference', () => {
  it('passes at four fifths exactly', async () => {
    const report = await run([
      ['f', 100, 40],
      ['m', 100, 50],
    ]);
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain('sex f is approved at 0.40, m at 0.50: ratio 0.80 ≥ 0.80');
  });

  it('fails below, in whatever order the groups come', async () => {
    for (const groups of [
      [
        ['f', 100, 39],
        ['m', 100, 50],
      ],
      [
        ['m', 100, 50],
        ['f', 100, 39],
      ],
    ] as const) {
      const report = await run(groups);
      expect(report.outcome).toBe('failed');
      expect(report.message).toBe(
        'disparate impact: sex f is approved at 0.39, m at 0.50: ratio 0.78 < 0.80',
      );
    }
  });

  it('neither passes nor fails 9/20 against 48/80: ratio 0.75, interval 0.45 to 1.26', async () => {
    const report = await run(
      [
        ['f', 20, 9],
        ['m', 80, 48],
      ],
      { mode: 'confidence', min_group_size: 20 },
    );
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain(
      'ratio 0.75 between f and m is no proof: its 95 % interval 0.45 to 1.26 crosses 0.80',
    );
    expect(
      (
        await run(
          [
            ['f', 20, 9],
            ['m', 80, 48],
          ],
          { min_group_size: 20 },
        )
      ).outcome,
    ).toBe('failed');
  });

  it('fails where nobody of a group is approved', async () => {
    const report = await run(
      [
        ['f', 200, 0],
        ['m', 200, 100],
      ],
      { mode: 'confidence' },
    );
    expect(report.outcome).toBe('failed');
    expect(report.message).toContain('ratio 0.00 < 0.80');
  });
});

describe('a named reference', () => {
  const named = { reference: { sex: 'm' } };

  it('does not fold the ratio (AIF360): 2.0 passes without an upper bound and fails with one', async () => {
    const favoured = [
      ['f', 100, 80],
      ['m', 100, 40],
    ] as const;
    const open = await run(favoured, named);
    expect(open.outcome).toBe('passed');
    expect(open.measurements[0]).toEqual({ name: 'disparate_impact_ratio[sex]', value: 2, unit: 'ratio' });
    const bounded = await run(favoured, { ...named, max_ratio: 1.25 });
    expect(bounded.outcome).toBe('failed');
    expect(bounded.message).toContain('sex f is approved at 0.80, m at 0.40: ratio 2.00 > 1.25');
  });

  it('leaves the ratio undefined where the reference has rate 0', async () => {
    const report = await run(
      [
        ['f', 100, 10],
        ['m', 100, 0],
      ],
      named,
    );
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('leaves the ratio undefined');
  });

  it('is not evidence where the reference is no group of the file', async () => {
    const report = await run(
      [
        ['f', 100, 50],
        ['m', 100, 50],
      ],
      { reference: { sex: 'male' } },
    );
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain('the reference group "male" is not among the assessable groups');
  });
});
