import { describe, expect, it } from 'vitest';
import { type AttackName, runAttacks } from '../../../src/checks/robustness/index.ts';
import { Random } from '../../../src/checks/robustness/random.ts';
import { classifierOf, dot, feature, softmax } from './support/models.ts';

const SCALES = [1, 0.5, 20, 1000, 3, 0.01];
const WEIGHTS = [1.2, -2, 0.03, -0.0004, 0.5, 60];
const BIAS = -0.3;
const FEATURES = SCALES.map((scale, index) => feature(`x${index}`, { scale }));
const COUNT = 120;

/** The weights in scaled units, where radii are measured. */
const SCALED = WEIGHTS.map((weight, index) => weight * (SCALES[index] ?? 1));
const L1 = SCALED.reduce((sum, weight) => sum + Math.abs(weight), 0);
const L2 = Math.hypot(...SCALED);

function someRows(seed: string): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: COUNT * 6 }, (_, index) => (SCALES[index % 6] ?? 1) * random.normal());
}

const logit = (row: Float64Array) => dot(WEIGHTS, row) + BIAS;

/** Attacks a two-class softmax and tells each row's found radius against the exact one. */
async function ratios(attack: AttackName, norm: 'linf' | 'l2', threshold?: number) {
  const model = classifierOf(6, 2, (row) => softmax([0, logit(row)]), threshold);
  const rows = someRows(`rows of ${attack}`);
  const { labels } = await model.predict(rows, COUNT);
  const options = { epsilons: [0.05, 0.1, 0.2], attacks: [attack], seed: '5eed', budget: 700 };
  const result = await runAttacks(model, rows, labels, FEATURES, options);
  const shift = threshold === undefined ? 0 : Math.log(threshold / (1 - threshold));
  const exact = (row: number) =>
    Math.abs(logit(rows.subarray(row * 6, row * 6 + 6)) - shift) / (norm === 'linf' ? L1 : L2);
  return {
    result,
    found: result.perRow.map((one) => (one[norm]?.[norm] ?? Infinity) / exact(one.row)),
    exact,
  };
}

describe.each([undefined, 0.5, 0.2, 0.97])('a linear two-class softmax with threshold %s', (threshold) => {
  it('has L∞ radii |Δz - logit(t)| / ‖Δw‖₁, which the sign step finds', async () => {
    const { result, found } = await ratios('sign_step', 'linf', threshold);
    expect(Math.max(...found)).toBeLessThan(1.001);
    expect(Math.min(...found)).toBeGreaterThan(0.999999);
    expect(result.queries / COUNT).toBeLessThan(80);
  });

  it('has L2 radii |Δz - logit(t)| / ‖Δw‖₂, which HopSkipJump comes near to by labels alone', async () => {
    const { result, found } = await ratios('hop_skip_jump', 'l2', threshold);
    expect(Math.max(...found)).toBeLessThan(1.05);
    expect(found.toSorted((a, b) => a - b)[COUNT / 2]).toBeLessThan(1.02);
    expect(Math.min(...found)).toBeGreaterThan(0.999999);
    expect(Math.max(...result.perRow.map((row) => row.queries))).toBeLessThanOrEqual(700);
  });

  it('keeps as many rows at each epsilon as the exact radii say', async () => {
    const { result, exact } = await ratios('sign_step', 'linf', threshold);
    for (const { epsilon, flipped, robustAccuracy } of result.atEpsilon) {
      const truly = result.perRow.filter(({ row }) => exact(row) < epsilon).length;
      expect(flipped).toBe(truly);
      expect(robustAccuracy).toBeCloseTo(1 - truly / COUNT, 12);
    }
  });
});
