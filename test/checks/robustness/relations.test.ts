import { describe, expect, it } from 'vitest';
import type { Classifier, Relations } from '../../../src/checks/robustness/index.ts';
import { runRelations } from '../../../src/checks/robustness/index.ts';
import { Random } from '../../../src/checks/robustness/random.ts';
import { classifierOf, feature } from './support/models.ts';

const COUNT = 90;
const FEATURES = [
  feature('amount', { min: 0, max: 10 }),
  feature('postcode', { min: 0, max: 99, integer: true }),
  feature('sex', { kind: 'categorical', levels: [0, 1] }),
];
const random = new Random('relations');
const ROWS = Float64Array.from({ length: COUNT * 3 }, (_, at) =>
  at % 3 === 0 ? random.between(0, 10) : random.below(at % 3 === 1 ? 100 : 2),
);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const scored = (z: (row: readonly number[]) => number) =>
  classifierOf(3, 2, (row) => [1 - sigmoid(z([...row])), sigmoid(z([...row]))]);

async function relation(model: Classifier, kind: string, declared: Partial<Relations> = {}) {
  const relations = { irrelevant: [], monotone: [], swapped: [], ...declared };
  const results = await runRelations(model, ROWS, FEATURES, { relations, seed: 'feed' });
  const found = results.find((result) => result.kind === kind);
  if (found === undefined) throw new Error(`no result about ${kind}`);
  return found;
}

/** A model that normalises over its batch, as one exported with the wrong softmax axis does. */
const OVER_THE_BATCH: Classifier = {
  classes: 2,
  predict(rows, count) {
    const amounts = Array.from({ length: count }, (_, row) => Math.exp(rows[row * 3] ?? 0));
    const sum = amounts.reduce((total, amount) => total + amount, 0);
    const scores = Float64Array.from(amounts.flatMap((amount) => [1 - amount / sum, amount / sum]));
    return Promise.resolve({
      labels: Int32Array.from(amounts, (amount) => (amount / sum > 0.5 ? 1 : 0)),
      scores,
    });
  },
};
/** A model that remembers: its answer about a row depends on the row's place. */
const BY_PLACE: Classifier = {
  classes: 2,
  predict: (_rows, count) =>
    Promise.resolve({ labels: Int32Array.from({ length: count }, (_, row) => row % 2), scores: null }),
};

describe('relations of batches', () => {
  it('hold for a model that looks at each row alone', async () => {
    const model = scored(([amount = 0]) => amount - 5);
    expect(await relation(model, 'row_order')).toMatchObject({
      rows: COUNT,
      violations: 0,
      worst: 0,
      examples: [],
    });
    expect(await relation(model, 'batch_size')).toMatchObject({ rows: COUNT, violations: 0, worst: 0 });
  });

  it('show a softmax over the batch by its size', async () => {
    const found = await relation(OVER_THE_BATCH, 'batch_size');
    expect(found).toMatchObject({ violations: COUNT });
    expect(found.worst).toBeGreaterThan(0.9);
    expect(found.examples).toHaveLength(10);
  });

  it('show an answer that depends on the place by labels alone', async () => {
    const found = await relation(BY_PLACE, 'row_order');
    expect(found.labelsChanged).toBeGreaterThan(COUNT / 4);
    expect(found.worst).toBeNull();
  });

  it('say nothing about no rows', async () => {
    const relations = { irrelevant: ['sex'], monotone: [], swapped: [] };
    const results = await runRelations(BY_PLACE, new Float64Array(0), FEATURES, { relations, seed: '' });
    expect(results.map((result) => result.rows)).toEqual([0, 0, 0]);
  });
});

describe('relations of features', () => {
  it('an irrelevant column that matters is found, by score before it is by class', async () => {
    const honest = await relation(
      scored(([amount = 0]) => amount - 5),
      'irrelevant',
      { irrelevant: ['postcode'] },
    );
    expect(honest).toMatchObject({ feature: 'postcode', rows: COUNT, violations: 0 });
    const sly = scored(([amount = 0, postcode = 0]) => amount - 5 + postcode / 1000);
    const found = await relation(sly, 'irrelevant', { irrelevant: ['postcode'] });
    expect(found.violations).toBe(COUNT);
    expect(found.labelsChanged).toBeLessThan(COUNT / 10);
  });

  it('a monotone feature that turns round is found, in either direction', async () => {
    const monotone = (direction: 'increasing' | 'decreasing') => ({
      monotone: [{ feature: 'amount', direction }],
    });
    const rising = scored(([amount = 0]) => amount - 5);
    expect(await relation(rising, 'monotone', monotone('increasing'))).toMatchObject({
      violations: 0,
      worst: 0,
    });
    expect(await relation(rising, 'monotone', monotone('decreasing'))).toMatchObject({ violations: COUNT });
    const hill = scored(([amount = 0]) => 4 - (amount - 5) ** 2);
    expect(await relation(hill, 'monotone', monotone('increasing'))).toMatchObject({ labelsChanged: COUNT });
  });

  it('a monotone feature is held to labels where two classes have no scores', async () => {
    const model = classifierOf(3, 2, ([amount = 0]) => (amount > 3 && amount < 6 ? 1 : 0));
    const found = await relation(model, 'monotone', {
      monotone: [{ feature: 'amount', direction: 'increasing' }],
    });
    expect(found).toMatchObject({ labelsChanged: COUNT, worst: null });
  });

  it('swapping a protected attribute counts the rows whose class changes', async () => {
    const model = scored(([amount = 0, , sex = 0]) => amount - 5 + sex);
    const between = [...Array(COUNT).keys()].filter(
      (row) => (ROWS[row * 3] ?? 0) >= 4 && (ROWS[row * 3] ?? 0) < 5,
    );
    const found = await relation(model, 'swap', { swapped: ['sex'] });
    expect(between.length).toBeGreaterThan(3);
    expect(found).toMatchObject({ rows: COUNT, labelsChanged: between.length });
  });

  it('refuses a feature that there is not', async () => {
    await expect(relation(BY_PLACE, 'swap', { swapped: ['gender'] })).rejects.toThrow(
      'there is no feature gender',
    );
  });

  it('counts a score that is not a number as a violation', async () => {
    const model = scored(([amount = 0, postcode = 0]) => (postcode > 50 ? Number.NaN : amount - 5));
    const found = await relation(model, 'irrelevant', { irrelevant: ['postcode'] });
    expect(found.violations).toBeGreaterThan(COUNT / 2);
  });
});
