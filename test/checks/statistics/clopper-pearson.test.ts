import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaQuantile, incompleteBeta } from '../../../src/checks/statistics/beta.ts';
import { clopperPearsonLower, clopperPearsonUpper } from '../../../src/checks/statistics/clopper-pearson.ts';

const of = (hits: number, total: number) => ({ hits, total });

describe('incompleteBeta', () => {
  it.each([
    [0.5, 0.5, 0.25, 1 / 3], // (2/π)·asin(√x)
    [2, 3, 0.4, 0.5248], // P(binomial(4, 0.4) ≥ 2)
    [10, 200, 0.03, 0.10050835237144835], // scipy 1.17.1 betainc
    [1e5, 2e5, 0.3334, 0.5310411685846465],
  ])('I of a = %d, b = %d at %d is %d', (a, b, x, expected) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 9);
  });

  it('is turned round by its quantile', () => {
    const positive = fc.double({ min: 0.5, max: 500, noNaN: true });
    const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(positive, positive, inside, (a, b, p) => {
        expect(incompleteBeta(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 9);
      }),
    );
  });
});

describe('Clopper and Pearson', () => {
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('bounds %d of %d as Newcombe 1998 prints it (two-sided 95 %, method 5)', (hits, total, lower, upper) => {
    expect(clopperPearsonLower(of(hits, total), 0.975)).toBeCloseTo(lower, 4);
    expect(clopperPearsonUpper(of(hits, total), 0.975)).toBeCloseTo(upper, 4);
  });

  it.each([
    [1, 300, 0.00017096303211345723, 0.01571455489158395],
    [3, 300, 0.0027310302182070373, 0.025641393082609616],
    [150, 200, 0.6945326433508061, 0.7998267548182427],
    [199, 200, 0.9765015295650493, 0.9997435664127765],
    [5000, 1000000, 0.00488454313555296, 0.0051175840516408605],
  ])('bounds %d of %d one-sided at 95 %% as scipy 1.17.1 does', (hits, total, lower, upper) => {
    expect(clopperPearsonLower(of(hits, total), 0.95)).toBeCloseTo(lower, 10);
    expect(clopperPearsonUpper(of(hits, total), 0.95)).toBeCloseTo(upper, 10);
  });

  it('lets no hit in 300 show no more than 0.9936 %', () => {
    expect(clopperPearsonUpper(of(0, 300), 0.95)).toBeCloseTo(1 - 0.05 ** (1 / 300), 14);
    expect(clopperPearsonLower(of(300, 300), 0.95)).toBeCloseTo(0.05 ** (1 / 300), 14);
  });

  it('knows nothing of nothing', () => {
    expect(clopperPearsonUpper(of(0, 0), 0.95)).toBe(1);
    expect(clopperPearsonLower(of(0, 0), 0.95)).toBe(0);
  });
});
