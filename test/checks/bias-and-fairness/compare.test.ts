import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ComparisonRule, compare } from '../../../src/checks/fairness/compare.ts';
import { groupsOf } from '../../../src/checks/fairness/groups.ts';
import { differenceMeasure, foldedRatioMeasure } from '../../../src/checks/fairness/measure.ts';
import type { Cell } from '../../../src/checks/predictions/decisions.ts';

type Counts = readonly [hits: number, total: number];

const cell = (group: string, decided: boolean, rows: number): Cell => ({
  group: [group],
  actual: null,
  decided,
  rows,
  weight: rows,
  squares: rows,
});
const groups = (counts: readonly Counts[]) =>
  groupsOf(
    counts.flatMap(([hits, total], i) => [cell(`g${i}`, true, hits), cell(`g${i}`, false, total - hits)]),
  );
const rule = (parts: Partial<ComparisonRule> = {}): ComparisonRule => ({
  rate: 'selection',
  measure: differenceMeasure(0.1),
  mode: 'confidence',
  level: 0.95,
  ...parts,
});

describe('compare', () => {
  it('adjusts a violation for the number of comparisons beyond five groups', () => {
    const two: Counts[] = [
      [50, 100],
      [76, 100],
    ];
    const many: Counts[] = [...two, ...Array.from({ length: 6 }, (): Counts => [63, 100])];
    expect(compare(groups(two), rule()).verdict).toBe('beyond');
    expect(compare(groups(many), rule()).verdict).toBe('undecided');
    expect(compare(groups(many), rule({ mode: 'point' })).verdict).toBe('beyond');
  });

  const counts = fc
    .integer({ min: 30, max: 400 })
    .chain((total) => fc.tuple(fc.integer({ min: 1, max: total }), fc.constant(total)));
  const anyRule = fc.record({
    mode: fc.constantFrom('point', 'confidence') as fc.Arbitrary<'point' | 'confidence'>,
    measure: fc.constantFrom(differenceMeasure(0.1), foldedRatioMeasure(0.8)),
  });

  it('never passes in confidence mode what fails by its values', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 2, maxLength: 8 }), anyRule, (all, parts) => {
        const point = compare(groups(all), rule({ ...parts, mode: 'point' })).verdict;
        const confidence = compare(groups(all), rule({ ...parts, mode: 'confidence' })).verdict;
        if (point === 'beyond') expect(confidence).not.toBe('within');
        if (confidence === 'beyond') expect(point).toBe('beyond');
      }),
    );
  });

  it('comes to the same in whatever order groups and roles come', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 2, maxLength: 6 }), anyRule, (all, parts) => {
        const forward = compare(groups(all), rule(parts));
        const backward = compare(groups([...all].reverse()), rule(parts));
        expect(backward.verdict).toBe(forward.verdict);
        expect(backward.worst?.value).toBeCloseTo(forward.worst?.value ?? Number.NaN, 12);
      }),
    );
  });

  it('never passes again once one group fares much worse', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 2, maxLength: 6 }), anyRule, (all, parts) => {
        const worse: Counts[] = [...all, [0, 400], [400, 400]];
        expect(compare(groups(worse), rule(parts)).verdict).toBe('beyond');
      }),
    );
  });
});

it('keeps groups apart whose values read alike when joined', () => {
  const of = (group: (string | null)[]): Cell => ({ ...cell('', true, 10), group });
  const apart = groupsOf([of(['a & b', 'c']), of(['a', 'b & c']), of(['(missing)', 'c']), of([null, 'c'])]);
  expect(apart.map(({ name }) => name)).toEqual(['(missing) & c', '(missing) & c', 'a & b & c', 'a & b & c']);
  expect(apart.filter(({ missing }) => missing)).toHaveLength(1);
});
