import { describe, expect, it } from 'vitest';
import {
  ATTACKS,
  type AttackName,
  type Classifier,
  runAttacks,
} from '../../../src/checks/robustness/index.ts';
import { Random } from '../../../src/checks/robustness/random.ts';
import { classifierOf, dot, feature, softmax } from './support/models.ts';

async function attack(
  model: Classifier,
  rows: Float64Array,
  scales: readonly number[],
  attacks: readonly AttackName[],
) {
  const { labels } = await model.predict(rows, rows.length / scales.length);
  const features = scales.map((scale, at) => feature(`x${at}`, { scale }));
  return runAttacks(model, rows, labels, features, {
    epsilons: [0.1, 0.3],
    attacks,
    seed: '4a4d',
    budget: 800,
  });
}

const around = (count: number, width: number, scale = 1) => {
  const random = new Random('hard');
  return Float64Array.from({ length: count * width }, () => scale * random.normal());
};

describe('a curved boundary: the second class lies outside of a ball of radius 1.5', () => {
  const distance = (row: Float64Array) => Math.hypot(...row);
  const rows = around(50, 3);
  const exact = (row: number) => Math.abs(1.5 - distance(rows.subarray(row * 3, row * 3 + 3)));

  it('is found by HopSkipJump near the true L2 radius, from inside and from outside', async () => {
    const ball = classifierOf(3, 2, (row) => Number(distance(row) > 1.5));
    const { perRow } = await attack(ball, rows, [1, 1, 1], ['hop_skip_jump']);
    const ratios = perRow.map(({ row, l2 }) => (l2?.l2 ?? Infinity) / exact(row)).sort((a, b) => a - b);
    expect(ratios[0]).toBeGreaterThan(0.999999);
    expect(ratios[25]).toBeLessThan(1.02);
    expect(ratios[47]).toBeLessThan(1.15);
  });
});

describe('a model in 32-bit numbers, with large values and scores that are 1 in 32 bits', () => {
  const scales = [20_000, 1, 0.001, 500];
  const weights = [0.0005, -7.5, 3_000, 0.0125];
  const z = (row: Float64Array) => dot(weights, row.map(Math.fround));
  const model = classifierOf(4, 2, (row) => softmax([0, z(row)]).map(Math.fround));
  const rows = around(60, 4).map((value, at) => value * (scales[at % 4] ?? 1));

  it('still shows its slopes to the sign step', async () => {
    const l1 = weights.reduce((sum, weight, at) => sum + Math.abs(weight * (scales[at] ?? 0)), 0);
    const { perRow } = await attack(model, rows, scales, ['sign_step']);
    for (const { row, linf } of perRow) {
      const exact = Math.abs(z(rows.subarray(row * 4, row * 4 + 4))) / l1;
      expect((linf?.linf ?? Infinity) / exact).toBeLessThan(1.01);
    }
  });
});

describe('a row on the boundary', () => {
  it('flips at next to nothing, and does not eat the budget', async () => {
    const edge = classifierOf(2, 2, ([x = 0, y = 0]) => (x + y > 0 ? [0, 1] : [1, 0]));
    const { perRow } = await attack(edge, Float64Array.of(0, 0), [1, 1], ['noise', 'sign_step']);
    expect(perRow[0]?.linf?.linf).toBeLessThan(0.01);
    expect(perRow[0]?.queries).toBeLessThan(300);
  });
});

describe('scores that are no probabilities', () => {
  it('are compared as they are, and a threshold of theirs is kept', async () => {
    const raw = classifierOf(2, 2, ([x = 0, y = 0]) => [0, 3 * x - y], 4);
    const { perRow } = await attack(raw, Float64Array.of(0, 0, 3, 1), [1, 1], ['sign_step']);
    expect(perRow.map((row) => row.linf?.linf.toFixed(3))).toEqual(['1.000', '1.000']);
  });
});

describe('noise', () => {
  it('finds flips within an epsilon of a row close to the boundary, and none far from it', async () => {
    const line = classifierOf(2, 2, ([x = 0]) => Number(x > 0));
    const { perRow, atEpsilon } = await attack(
      line,
      Float64Array.of(-0.05, 0, -0.2, 0, -1, 0),
      [1, 1],
      ['noise'],
    );
    expect(perRow.map((row) => row.linf !== null)).toEqual([true, true, false]);
    expect(atEpsilon.map((one) => one.flipped)).toEqual([1, 2]);
  });
});

describe('a wide row', () => {
  it('is attacked within the budget though it has more columns than queries', async () => {
    const width = 3000;
    const wide = classifierOf(width, 2, (row) =>
      softmax([0, row.reduce((sum, value) => sum + value, 0) - 20]),
    );
    const { perRow } = await attack(wide, new Float64Array(2 * width), Array(width).fill(1), ATTACKS);
    expect(Math.max(...perRow.map((row) => row.queries))).toBeLessThanOrEqual(800);
    expect(perRow.every((row) => row.linf !== null)).toBe(true);
  });
});
