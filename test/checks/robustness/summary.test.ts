import { describe, expect, it } from 'vitest';
import type { AttackName, Flip, RowResult } from '../../../src/checks/robustness/index.ts';
import { atEpsilon, flippedByEdits, radiusQuantiles } from '../../../src/checks/robustness/summary.ts';

const flip = (linf: number, attack: AttackName = 'noise', edits = 0): Flip => {
  return { linf, l2: 2 * linf, edits, label: 1, attack, row: new Float64Array(1) };
};
const row = (found: Flip | null, rest: Partial<RowResult> = {}): RowResult => {
  return { row: 0, correct: true, linf: found, l2: found, edits: null, queries: 9, ...rest };
};
const ROWS = [
  row(flip(0.1)),
  row(flip(0.3, 'sign_step')),
  row(flip(0.2)),
  row(null),
  row(null, { correct: false }),
];

describe('atEpsilon', () => {
  it('counts flips up to and including epsilon among the rows classified correctly', () => {
    expect(atEpsilon(ROWS, 0.2, 0.95)).toMatchObject({
      flipped: 2,
      robustAccuracy: 0.5,
      overall: 0.4,
      by: { noise: 2 },
    });
    expect(atEpsilon(ROWS, 0.3, 0.95)).toMatchObject({ flipped: 3, by: { noise: 2, sign_step: 1 } });
    expect(atEpsilon(ROWS, 0.05, 0.95)).toMatchObject({ flipped: 0, robustAccuracy: 1, overall: 0.8 });
  });
});

describe('radiusQuantiles', () => {
  it('puts rows without a radius last, and has no number where a quantile falls on one', () => {
    const quantiles = radiusQuantiles(ROWS, 'linf');
    expect(quantiles.median).toBeCloseTo(0.25, 12);
    expect(quantiles.p25).toBeCloseTo(0.175, 12);
    expect(quantiles).toMatchObject({ p75: null, p95: null });
    expect(radiusQuantiles(ROWS, 'l2').median).toBeCloseTo(0.5, 12);
    expect(radiusQuantiles([row(flip(0.1))], 'linf')).toMatchObject({ p05: 0.1, p95: 0.1 });
  });
});

describe('flippedByEdits', () => {
  it('counts up: what one edit flips, two do as well', () => {
    const rows = [
      row(null, { edits: flip(0, 'categorical_edits', 1) }),
      row(null, { edits: flip(0, 'noise', 2) }),
    ];
    expect(flippedByEdits([...rows, ...ROWS], 3)).toEqual([1, 2, 2]);
  });
});
