import { describe, expect, it } from 'vitest';
import {
  ATTACKS,
  type AttackFeature,
  type AttackOptions,
  type Classifier,
  runAttacks,
} from '../../../src/checks/robustness/index.ts';
import { Random } from '../../../src/checks/robustness/random.ts';
import { classifierOf, dot, feature, softmax } from './support/models.ts';

const OPTIONS: AttackOptions = {
  epsilons: [0.1, 0.5],
  attacks: ATTACKS,
  seed: 'a11ce',
  budget: 800,
  mostEdits: 2,
};

async function attack(
  model: Classifier,
  rows: readonly (readonly number[])[],
  features: readonly AttackFeature[],
  options: Partial<AttackOptions> = {},
) {
  const packed = Float64Array.from(rows.flat());
  const { labels } = await model.predict(packed, rows.length);
  return runAttacks(model, packed, labels, features, { ...OPTIONS, ...options });
}

const normalRows = (count: number, width: number) => {
  const random = new Random('rows');
  return Array.from({ length: count }, () => Array.from({ length: width }, () => random.normal()));
};

describe('a tree, which has no slopes', () => {
  /** Class 1 right of 1 in x, if above -0.5 in y: the way over the border is along x, or along y and back. */
  const tree = classifierOf(3, 2, ([x = 0, y = 0]) => (x > 1 && y > -0.5 ? 1 : 0));
  const features = ['x', 'y', 'z'].map((name) => feature(name, { min: -4, max: 4 }));
  const rows = normalRows(60, 3);
  const exact = ([x = 0, y = 0]: readonly number[]) =>
    x > 1 && y > -0.5 ? Math.min(x - 1, y + 0.5) : Math.hypot(Math.max(0, 1 - x), Math.max(0, -0.5 - y));

  it('stands before the sign step, and falls to HopSkipJump near its true radius', async () => {
    const signs = await attack(tree, rows, features, { attacks: ['sign_step'] });
    expect(signs.perRow.every((row) => row.linf === null)).toBe(true);
    const hops = await attack(tree, rows, features, { attacks: ['hop_skip_jump'] });
    const ratios = hops.perRow.map((row) => (row.l2?.l2 ?? Infinity) / exact(rows[row.row] ?? []));
    const ascending = ratios.toSorted((a, b) => a - b);
    expect(ascending[0]).toBeGreaterThan(0.999999);
    expect(ascending[30]).toBeLessThan(1.02);
    expect(ascending[57]).toBeLessThan(1.25);
  });
});

describe('bounds, whole numbers and immutable columns', () => {
  /** z = x·w - 3 from the row (0, 0, 0, 0) on: class 1 from z = 0 on. */
  const WEIGHTS = [1, 2, 0.5, 3];
  const model = classifierOf(4, 2, (row) => softmax([0, dot(WEIGHTS, row) - 3]));
  const boxed = [
    feature('a', { min: -1, max: 0.25 }),
    feature('b', { scale: 0.5, min: -9, max: 9 }),
    feature('c', { min: -9, max: 9 }),
    feature('never', { mutable: false }),
  ];

  it('bounds and an immutable column make the L∞ optimum 2.75 / 1.5: a stops at 0.25', async () => {
    // r (scaled) moves b by 0.5 r and c by r: 0.25 + 2·0.5·r + 0.5·r = 3.
    const { perRow } = await attack(model, [[0, 0, 0, 0]], boxed, { attacks: ['sign_step'] });
    expect(perRow[0]?.linf?.linf).toBeCloseTo(2.75 / 1.5, 3);
    expect(perRow[0]?.linf?.row[3]).toBe(0);
  });

  it('and the L2 optimum √(0.25² + 2.75² / 1.25)', async () => {
    // With a at its bound: the least (b, c) in scaled units with 1·b + 0.5·c = 2.75.
    const { perRow } = await attack(model, [[0, 0, 0, 0]], boxed, { attacks: ['hop_skip_jump'] });
    const exact = Math.hypot(0.25, 2.75 / Math.sqrt(1.25));
    expect(perRow[0]?.l2?.l2).toBeGreaterThanOrEqual(exact);
    expect(perRow[0]?.l2?.l2).toBeLessThan(exact * 1.05);
  });

  it('whole numbers make the L∞ optimum the smallest that rounds to a flip', async () => {
    // b alone may move, by whole numbers of 2 scaled units each: z = 2·b, and b = 2 is needed for 3.
    const whole = boxed.map((one, at) => ({ ...one, integer: at === 1, mutable: at === 1 }));
    const { perRow } = await attack(model, [[0, 0, 0, 0]], whole);
    expect(perRow[0]?.linf?.row).toEqual(Float64Array.of(0, 2, 0, 0));
    expect(perRow[0]?.linf?.linf).toBe(4);
  });

  it('a row that cannot reach the border stands, and so does one with no column to move', async () => {
    const tight = boxed.map((one) => ({ ...one, min: -0.1, max: 0.1 }));
    const fixed = boxed.map((one) => ({ ...one, mutable: false }));
    expect((await attack(model, [[0, 0, 0, 0]], tight)).perRow[0]).toMatchObject({ linf: null, l2: null });
    expect((await attack(model, [[0, 0, 0, 0]], fixed)).perRow[0]).toMatchObject({ linf: null, queries: 1 });
  });

  it('leaves a missing value missing', async () => {
    const missing = classifierOf(2, 2, ([a = 0, b = 0]) => (Number.isNaN(a) ? (b > 1 ? 1 : 0) : 1));
    const { perRow } = await attack(missing, [[Number.NaN, 0]], [feature('a'), feature('b')]);
    expect(perRow[0]?.l2?.row[0]).toBeNaN();
    expect(perRow[0]?.l2?.l2).toBeCloseTo(1, 2);
  });
});

describe('categories', () => {
  const colour = (name: string) => feature(name, { kind: 'categorical', levels: [0, 1, 2] });
  const features = [feature('x'), colour('a'), colour('b'), colour('c')];
  const both = ([, a = 0, b = 0]: ArrayLike<number> & Iterable<number>) => a === 2 && b === 1;

  it.each([
    [
      'scores',
      classifierOf(4, 2, (row) =>
        both(row) ? [0.1, 0.9] : [0.8 - (row[1] ?? 0) / 10, 0.2 + (row[1] ?? 0) / 10],
      ),
    ],
    ['labels alone', classifierOf(4, 2, (row) => (both(row) ? 1 : 0))],
  ])('two at once are found with %s, and counted apart from radii', async (_what, model) => {
    const result = await attack(model, [[0, 0, 0, 0]], features, { attacks: ['categorical_edits'] });
    expect(result.flippedByEdits).toEqual([0, 1]);
    expect(result.perRow[0]?.edits).toMatchObject({ edits: 2, linf: 0, row: Float64Array.of(0, 2, 1, 0) });
    expect(result.atEpsilon[0]).toMatchObject({ flipped: 0, robustAccuracy: 1 });
  });

  it('are left alone where none may be changed', async () => {
    const model = classifierOf(4, 2, ([, a = 0]) => (a === 2 ? 1 : 0));
    const result = await attack(model, [[0, 0, 0, 0]], features, { mostEdits: 0 });
    expect(result).toMatchObject({ flippedByEdits: [], perRow: [{ edits: null }] });
  });
});

describe('runAttacks', () => {
  const three = [
    [1, -1, 0.5],
    [-0.5, 2, -1],
    [0.2, 0.1, 1.5],
  ];
  const model = classifierOf(3, 3, (row) => softmax(three.map((weights) => dot(weights, row))));
  const features = ['x', 'y', 'z'].map((name) => feature(name));
  const rows = normalRows(40, 3);

  it('gives the same result for the same seed and inputs, and for each row whatever rows stand beside it', async () => {
    const first = await attack(model, rows, features);
    expect(await attack(model, rows, features)).toEqual(first);
    expect((await attack(model, rows, features, { seed: 'b0b' })).perRow).not.toEqual(first.perRow);
    const alone = await attack(model, rows.slice(0, 7), features, { attacks: ['sign_step', 'noise'] });
    const among = await attack(model, rows, features, { attacks: ['sign_step', 'noise'] });
    expect(among.perRow.slice(0, 7)).toEqual(alone.perRow);
  });

  it.each([1, 2, 7, 40, 41, 150, 800])('never asks more than its budget of %d a row', async (budget) => {
    const counted = { ...model, queries: 0 };
    const predict: Classifier['predict'] = (batch, count) => {
      counted.queries += count;
      return model.predict(batch, count);
    };
    const packed = Float64Array.from(rows.flat());
    const { labels } = await model.predict(packed, rows.length);
    const result = await runAttacks({ ...model, predict }, packed, labels, features, { ...OPTIONS, budget });
    expect(Math.max(...result.perRow.map((row) => row.queries))).toBeLessThanOrEqual(budget);
    expect(result.queries).toBe(counted.queries);
  });

  it('finds, of three classes, the nearest one of them', async () => {
    const { perRow } = await attack(model, rows, features, { attacks: ['sign_step'] });
    for (const { row, linf } of perRow) {
      const z = three.map((weights) => dot(weights, Float64Array.from(rows[row] ?? [])));
      const own = z.indexOf(Math.max(...z));
      const radii = three.map((weights, other) => {
        const l1 = weights.reduce((sum, weight, at) => sum + Math.abs(weight - (three[own]?.[at] ?? 0)), 0);
        return other === own ? Infinity : ((z[own] ?? 0) - (z[other] ?? 0)) / l1;
      });
      expect((linf?.linf ?? Infinity) / Math.min(...radii)).toBeLessThan(1.001);
    }
  });

  it('attacks no row that the model gets wrong, and takes no answer for a wrong one', async () => {
    const packed = Float64Array.of(0, 0, 5, 5);
    const gives = (x = 0) => (x === 0 ? 0 : -1);
    const silent = classifierOf(2, 2, ([x]) => gives(x));
    const two = [feature('x'), feature('y')];
    const result = await runAttacks(silent, packed, Int32Array.of(0, -1), two, OPTIONS);
    expect(result).toMatchObject({ rows: 2, correct: 1, cleanAccuracy: 0.5 });
    expect(result.perRow[0]?.linf?.label).toBe(-1);
    expect(result.perRow[1]).toMatchObject({ correct: false, queries: 1 });
  });

  it('bounds what no flip in 300 rows shows, and has no accuracy of no rows', async () => {
    const constant = classifierOf(3, 2, () => 0);
    const result = await attack(constant, normalRows(300, 3), features, { budget: 20 });
    expect(result.atEpsilon[0]?.flippedUpper).toBeCloseTo(0.009936, 6);
    expect(result.atEpsilon[0]).toMatchObject({ flipped: 0, robustAccuracy: 1, by: {} });
    expect(result.linf).toMatchObject({ p05: null, median: null });
    const nothing = await attack(constant, [], features);
    expect(nothing).toMatchObject({ rows: 0, cleanAccuracy: null, queries: 0, l2: { median: null } });
    expect(nothing.atEpsilon[0]).toMatchObject({
      robustAccuracy: null,
      flippedUpper: 1,
      robustAccuracyLower: 0,
    });
  });

  it('refuses what does not fit together', async () => {
    await expect(attack(model, rows, features.slice(1))).rejects.toThrow('are not 40 rows of 2 features');
    await expect(attack(model, rows, [feature('x', { scale: 0 }), ...features.slice(1)])).rejects.toThrow(
      'scale of feature x',
    );
    await expect(
      attack(model, rows, [feature('x', { min: 2, max: 1 }), ...features.slice(1)]),
    ).rejects.toThrow('bounds of');
    await expect(attack(model, rows, features, { budget: Number.NaN })).rejects.toThrow('budget');
    const short: Classifier = {
      classes: 3,
      predict: async () => ({ labels: new Int32Array(1), scores: null }),
    };
    await expect(
      runAttacks(short, Float64Array.from(rows.flat()), new Int32Array(40), features, OPTIONS),
    ).rejects.toThrow('the classifier gave 1 labels and no scores for 40 rows');
  });
});
