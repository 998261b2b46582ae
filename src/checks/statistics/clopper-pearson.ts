import { betaQuantile } from './beta.ts';
import type { Proportion } from './intervals.ts';

/**
 * The exact one-sided upper bound of a proportion (Clopper and Pearson 1934): with the given confidence, the true
 * rate is not above it. No hits in 300 show no more than a rate below 1 % (0.00994 at 95 %).
 *
 * @param confidence one-sided, such as 0.95. Two bounds at 0.975 make the two-sided interval of 95 %.
 * @returns 1 where nothing was counted.
 */
export function clopperPearsonUpper({ hits, total }: Proportion, confidence: number): number {
  if (hits >= total) return 1;
  if (hits === 0) return -Math.expm1(Math.log1p(-confidence) / total);
  return betaQuantile(confidence, hits + 1, total - hits);
}

/** The exact one-sided lower bound of a proportion; 0 where nothing was counted. */
export function clopperPearsonLower({ hits, total }: Proportion, confidence: number): number {
  return 1 - clopperPearsonUpper({ hits: total - hits, total }, confidence);
}
