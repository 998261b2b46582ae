import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTACKS, type AttackFeature, type Flip, runAttacks } from '../../../src/checks/robustness/index.ts';
import { Random } from '../../../src/checks/robustness/random.ts';
import { classifierOf, dot, softmax } from './support/models.ts';

const WIDTH = 4;

/** Even numbers: fast-check's doubles are mostly tiny, and models of tiny weights never flip. */
const finite = (min: number, max: number) =>
  fc.integer({ min: 0, max: 10_000 }).map((part) => min + ((max - min) * part) / 10_000);

/** Any feature: bounds that may leave the row outside of them, any scale, whole numbers, categories, immutable ones. */
const anyFeature: fc.Arbitrary<AttackFeature> = fc
  .record({
    kind: fc.constantFrom('continuous', 'continuous', 'categorical'),
    scale: finite(0.01, 50),
    bounds: fc.tuple(finite(-20, 20), finite(-20, 20)),
    integer: fc.boolean(),
    mutable: fc.constantFrom(true, true, false),
  })
  .map(({ kind, bounds: [a, b], ...rest }) => {
    return { name: 'x', kind, min: Math.min(a, b), max: Math.max(a, b), levels: [-1, 0, 2, 5], ...rest };
  });

/** Any row of the features: whole numbers where they ask for them. */
const anyCase = fc.record({
  features: fc.array(anyFeature, { minLength: WIDTH, maxLength: WIDTH }),
  values: fc.array(finite(-20, 20), { minLength: WIDTH, maxLength: WIDTH }),
  weights: fc.array(finite(-2, 2), { minLength: WIDTH, maxLength: WIDTH }),
  bend: finite(-0.2, 0.2),
  labelsOnly: fc.boolean(),
  threshold: fc.constantFrom(undefined, 0.1, 0.7),
  seed: fc.string(),
});

/** What bounds a value of a feature in a row: the feature's own, widened to where the row is. */
function allowed(feature: AttackFeature, before: number, after: number): boolean {
  if (Object.is(before, after)) return true;
  if (!feature.mutable) return false;
  if (feature.kind === 'categorical') return feature.levels?.includes(after) ?? false;
  if (feature.integer && !Number.isInteger(after)) return false;
  return after >= Math.min(feature.min, before) && after <= Math.max(feature.max, before);
}

/** Distances computed once more, and not by the code under test. */
function norms(features: readonly AttackFeature[], before: Float64Array, { row }: Flip) {
  const moved = features.map((feature, at) => Math.abs((row[at] ?? 0) - (before[at] ?? 0)) / feature.scale);
  const continuous = moved.filter((_, at) => features[at]?.kind === 'continuous');
  const edits = moved.filter((change, at) => change > 0 && features[at]?.kind === 'categorical').length;
  return { linf: Math.max(0, ...continuous), l2: Math.hypot(0, ...continuous), edits };
}

describe('whatever the model, the features and the row', () => {
  it('a reported perturbation flips, is allowed, and has the norm that is reported', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ features, values, weights, bend, labelsOnly, threshold, seed }) => {
        const z = (row: Float64Array) => dot(weights, row) + bend * (row[0] ?? 0) * (row[1] ?? 0);
        const model = classifierOf(
          WIDTH,
          2,
          (row) => (labelsOnly ? Number(z(row) > 1) : softmax([0, z(row)])),
          threshold,
        );
        const row = Float64Array.from(values, (value, at) =>
          features[at]?.integer ? Math.round(value) : value,
        );
        const { labels } = await model.predict(row, 1);
        const options = { epsilons: [0.1, 1], attacks: ATTACKS, seed, budget: 300, mostEdits: 2 };
        const { perRow, atEpsilon } = await runAttacks(model, row, labels, features, options);
        const [found] = perRow;
        for (const flip of [found?.linf, found?.l2, found?.edits]) {
          if (!flip) continue;
          seen++;
          const again = await model.predict(flip.row, 1);
          expect(again.labels[0]).toBe(flip.label);
          expect(flip.label).not.toBe(labels[0]);
          expect(features.every((feature, at) => allowed(feature, row[at] ?? 0, flip.row[at] ?? 0))).toBe(
            true,
          );
          const expected = norms(features, row, flip);
          expect(flip.linf).toBeCloseTo(expected.linf, 9);
          expect(flip.l2).toBeCloseTo(expected.l2, 9);
          expect(flip.edits).toBe(expected.edits);
          expect(flip.edits).toBeLessThanOrEqual(2);
        }
        expect(found?.linf === null).toBe(found?.l2 === null);
        for (const { epsilon, flipped } of atEpsilon) {
          expect(flipped).toBe((found?.linf?.linf ?? Infinity) <= epsilon * (1 + 1e-9) ? 1 : 0);
        }
      }),
      { numRuns: 150 },
    );
    expect(seen).toBeGreaterThan(50);
  });
});

describe('Random', () => {
  it('gives each stream of a seed numbers of its own, and the same ones again', () => {
    const first = (...stream: (string | number)[]) => {
      const random = new Random('5eed', ...stream);
      return [random.uniform(), random.normal(), random.below(1000)];
    };
    expect(first('a', 1)).toEqual(first('a', 1));
    expect(first('a', 1)).not.toEqual(first('a', 2));
    expect(first('a', 1)).not.toEqual(first('a1'));
  });

  it('is uniform in [0, 1) and standard normal, as far as 100 000 draws tell', () => {
    const random = new Random('moments');
    const uniform = Array.from({ length: 100_000 }, () => random.uniform());
    const normal = Array.from({ length: 100_000 }, () => random.normal());
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(mean(normal.map((value) => Number(Math.abs(value) < 1.959964)))).toBeCloseTo(0.95, 2);
  });

  it('shuffles without loss', () => {
    expect([...new Random('order').order(500)].sort((a, b) => a - b)).toEqual([...Array(500).keys()]);
  });
});
