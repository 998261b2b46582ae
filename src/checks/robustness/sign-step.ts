import { margin, marginRule } from './margin.ts';
import type { Asking, Probe } from './probe.ts';
import type { Random } from './random.ts';
import { along, farthest, searchRay } from './search.ts';
import { slopesAt } from './slopes.ts';

/** Classes that are tried, nearest first. */
const MOST_TARGETS = 3;
/** How often the slopes are taken again where the last step led, for models that are not linear. */
const ROUNDS = 3;
const PRECISION = 2e-4;

/** What the sign step takes from outside. */
export interface SignStepOptions {
  /** Radii that are decided exactly, ascending. */
  readonly epsilons: readonly number[];
  readonly random: Random;
}

/**
 * Moves all coordinates by the same amount, each in the direction in which finite differences of the scores say that
 * another class gains (zeroth-order estimate of the gradient: Chen et al. 2017; its sign: Goodfellow et al. 2015),
 * and narrows down the smallest such amount that flips. For a model that is linear up to a monotone score, that is
 * the smallest L∞ perturbation, bounds and whole numbers included. Finds nothing without scores.
 */
export function* signStep(probe: Probe, { epsilons, random }: SignStepOptions): Asking<void> {
  const coordinates = affordable(probe, random);
  if (probe.scores === null || coordinates.length === 0) return;
  for (const target of nearestClasses(probe, probe.scores)) {
    let point: Float64Array | null = new Float64Array(probe.space.dimensions);
    for (let round = 0; round < ROUNDS && point !== null; round++) {
      const slopes: Float64Array[] | null = yield* slopesAt(probe, { point, coordinates, targets: [target] });
      point = yield* stepFrom(probe, slopes?.[0], epsilons);
    }
  }
}

/** One search along the signs of the slopes, below the smallest radius known. Where it leads; null for no gain. */
function* stepFrom(
  probe: Probe,
  slopes: Float64Array | undefined,
  epsilons: readonly number[],
): Asking<Float64Array | null> {
  if (slopes === undefined || slopes.every((slope) => slope === 0)) return null;
  const direction = slopes.map(Math.sign);
  const radii = radiiToTry(probe, epsilons);
  const radius = yield* searchRay(probe, { direction, radii, precision: PRECISION });
  return radius === null ? null : probe.within(along(direction, radius));
}

/** The epsilons and a grid that doubles, up to the farthest possible or to just under the smallest radius known. */
function radiiToTry(probe: Probe, epsilons: readonly number[]): number[] {
  const known = probe.linf?.linf;
  const far = known === undefined ? farthest(probe) : known * (1 - 2 * PRECISION);
  const radii = new Set([...epsilons.filter((epsilon) => epsilon < far), far]);
  if (known === undefined) for (let radius = far / 2; radius > far / 1000; radius /= 2) radii.add(radius);
  return [...radii].sort((a, b) => a - b);
}

/** All coordinates, or as many as half of the queries left are enough for, at random. */
function affordable(probe: Probe, random: Random): number[] {
  const all = probe.space.dimensions;
  const most = Math.floor(probe.left / 4);
  return all <= most
    ? Array.from({ length: all }, (_, index) => index)
    : [...random.order(all).slice(0, most)];
}

function nearestClasses(probe: Probe, scores: Float64Array): number[] {
  const { classes, threshold } = probe.model;
  const rule = marginRule(scores, classes, threshold);
  const ahead = (target: number) => margin(rule, scores, 0, { label: probe.label, target });
  const others = Array.from({ length: classes }, (_, index) => index).filter(
    (index) => index !== probe.label,
  );
  return others.sort((a, b) => ahead(b) - ahead(a)).slice(0, MOST_TARGETS);
}
