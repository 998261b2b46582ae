import { expect, it } from 'vitest';
import { stratifiedSample } from '../../../src/checks/safety/sample.ts';

/** Rows of one value each. */
function reference(values: readonly number[], truth: (row: number) => number) {
  const count = values.length;
  return {
    count,
    values: Float64Array.from(values),
    truth: Int32Array.from({ length: count }, (_, row) => truth(row)),
    total: count,
  };
}

it('takes rows of each class in its share, of each at least one, the same for the same seed', () => {
  const values = Array.from({ length: 1000 }, (_, row) => row);
  const all = reference(values, (row) => (row === 0 ? 2 : row % 4 === 0 ? 1 : 0));
  const sample = stratifiedSample(all, 100, 'seed');
  const of = (label: number) => sample.truth.filter((own) => own === label).length;
  expect([of(0), of(1), of(2)]).toEqual([75, 25, 1]);
  expect(stratifiedSample(all, 100, 'seed')).toEqual(sample);
  expect(stratifiedSample(all, 100, 'another')).not.toEqual(sample);
});

it('takes rows that are alike once, but those of another class too', () => {
  const all = reference([1, 1, 2, 2, 1], (row) => (row === 4 ? 1 : 0));
  const sample = stratifiedSample(all, 100, 'seed');
  expect([...sample.values]).toEqual([1, 2, 1]);
  expect([...sample.truth]).toEqual([0, 0, 1]);
});

it('is done with 200,000 rows of one class within the time of a test', () => {
  const all = reference(
    Array.from({ length: 200_000 }, (_, row) => row),
    () => 0,
  );
  expect(stratifiedSample(all, 300, 'seed').count).toBe(300);
});
