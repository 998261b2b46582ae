import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { katz, newcombe, wilson } from '../../../src/checks/statistics/intervals.ts';
import { normalQuantile, zOf } from '../../../src/checks/statistics/normal.ts';

const Z = zOf(0.95);
const of = (hits: number, total: number) => ({ hits, total });

describe('normalQuantile', () => {
  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.5, 0],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
  ])('of %d is %d', (p, expected) => {
    expect(normalQuantile(p)).toBeCloseTo(expected, 12);
  });
});

describe('wilson, values published in Newcombe 1998 (two-sided intervals for the single proportion, method 3)', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (hits, total, lower, upper) => {
    const interval = wilson(of(hits, total), Z);
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
  });
});

describe('newcombe, values published in Newcombe 1998 (interval estimation for the difference, method 10)', () => {
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [10, 10, 0, 20, 0.6791, 1],
  ])('%d/%d - %d/%d', (a, m, b, n, lower, upper) => {
    const interval = newcombe(of(a, m), of(b, n), Z);
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
  });
});

describe('katz', () => {
  it('gives 0.45 to 1.26 for 9/20 over 48/80', () => {
    const interval = katz(of(9, 20), of(48, 80), Z);
    expect(interval.lower).toBeCloseTo(0.4475, 4);
    expect(interval.upper).toBeCloseTo(1.2571, 4);
  });

  it('starts at 0 when nobody was hit, and has no end when the reference was not', () => {
    expect(katz(of(0, 20), of(10, 20), Z).lower).toBe(0);
    expect(katz(of(10, 20), of(0, 20), Z).upper).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not of width 0 when both rates are 1', () => {
    const interval = katz(of(20, 20), of(30, 30), Z);
    expect(interval.lower).toBeLessThan(1);
    expect(interval.upper).toBeGreaterThan(1);
  });
});

describe('every interval', () => {
  const proportion = fc
    .integer({ min: 1, max: 500 })
    .chain((total) => fc.record({ hits: fc.integer({ min: 0, max: total }), total: fc.constant(total) }));

  it('holds its point, and is narrower at a lower level', () => {
    fc.assert(
      fc.property(proportion, proportion, (first, second) => {
        const difference = first.hits / first.total - second.hits / second.total;
        const wide = newcombe(first, second, Z);
        const narrow = newcombe(first, second, zOf(0.8));
        expect(wide.lower).toBeLessThanOrEqual(difference + 1e-12);
        expect(wide.upper).toBeGreaterThanOrEqual(difference - 1e-12);
        expect(narrow.upper - narrow.lower).toBeLessThanOrEqual(wide.upper - wide.lower + 1e-12);
      }),
    );
  });
});
