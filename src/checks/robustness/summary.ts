import { clopperPearsonLower, clopperPearsonUpper } from '../statistics/clopper-pearson.ts';
import type { AtEpsilon, AttackName, Flip, RadiusQuantiles, RowResult } from './result.ts';

/** A radius counts as within epsilon despite what floating-point numbers add to it. */
const SLACK = 1e-9;

/** Robust accuracy at one epsilon, with its exact one-sided bounds. */
export function atEpsilon(perRow: readonly RowResult[], epsilon: number, confidence: number): AtEpsilon {
  const correct = perRow.filter((row) => row.correct).length;
  const flips = perRow.map((row) => row.linf).filter((flip) => flip !== null);
  const within = flips.filter((flip) => flip.linf <= epsilon * (1 + SLACK));
  const flipped = within.length;
  const held = correct - flipped;
  return {
    epsilon,
    flipped,
    robustAccuracy: correct === 0 ? null : held / correct,
    overall: perRow.length === 0 ? null : held / perRow.length,
    flippedUpper: clopperPearsonUpper({ hits: flipped, total: correct }, confidence),
    robustAccuracyLower: clopperPearsonLower({ hits: held, total: correct }, confidence),
    by: tally(within),
  };
}

/** Quantiles of the smallest radii, in the given norm, of the correctly classified rows (those without one are last). */
export function radiusQuantiles(perRow: readonly RowResult[], norm: 'linf' | 'l2'): RadiusQuantiles {
  const correct = perRow.filter((row) => row.correct);
  const radii = correct.map((row) => row[norm]?.[norm] ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const at = (share: number) => quantile(radii, share);
  return { p05: at(0.05), p25: at(0.25), median: at(0.5), p75: at(0.75), p95: at(0.95) };
}

/** Rows flipped by at most 1, 2, … `most` changed categories. */
export function flippedByEdits(perRow: readonly RowResult[], most: number): number[] {
  const flips = perRow.map((row) => row.edits).filter((flip) => flip !== null);
  return Array.from({ length: most }, (_, index) => flips.filter((flip) => flip.edits <= index + 1).length);
}

function tally(flips: readonly Flip[]): Partial<Record<AttackName, number>> {
  const by: Partial<Record<AttackName, number>> = {};
  for (const { attack } of flips) by[attack] = (by[attack] ?? 0) + 1;
  return by;
}

/** Linear between neighbours (Hyndman and Fan's type 7); null where it falls on a row without a radius. */
function quantile(ascending: readonly number[], share: number): number | null {
  const place = (ascending.length - 1) * share;
  const below = ascending[Math.floor(place)];
  const above = ascending[Math.ceil(place)];
  if (below === undefined || above === undefined || above === Number.POSITIVE_INFINITY) return null;
  return below + (above - below) * (place % 1);
}
