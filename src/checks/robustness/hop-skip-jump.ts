import { boundaryNormal } from './boundary-normal.ts';
import { findStart, type StartOptions } from './hop-start.ts';
import type { Asking, Probe } from './probe.ts';
import { along, length, searchRay } from './search.ts';
import { shrink } from './shrink.ts';

/** Directions asked about in the first round; the n-th takes √n times as many. */
const FIRST_SAMPLES = 24;
const PRECISION = 1e-3;
/** Fewer queries than this make no round that could gain. */
const LEAST_QUERIES = 40;
/** Rounds in a row without a gain, after which the walk ends: it is stuck, or there. */
const PATIENCE = 4;

/** What the walk takes from outside. */
export interface HopSkipJumpOptions extends StartOptions {
  /** Radii (L∞) that are decided exactly, ascending. */
  readonly epsilons: readonly number[];
}

/**
 * A walk along the boundary between the classes towards the row, by labels alone (HopSkipJump: Chen, Jordan and
 * Wainwright 2020): works where scores are missing or flat, as those of trees are. Each round estimates which way the
 * other class lies, and then looks both along that direction from the row itself (as GeoDA does: Rahmati et al. 2020;
 * exact for a flat boundary) and along its signs, which serves L∞; failing that it hops on from where it is.
 */
export function* hopSkipJump(probe: Probe, options: HopSkipJumpOptions): Asking<void> {
  if (probe.space.dimensions === 0) return;
  const start = yield* findStart(probe, options);
  if (start === null) return;
  let at = yield* drawIn(probe, yield* shrink(probe, yield* drawIn(probe, start)));
  let idle = 0;
  for (let round = 1; idle < PATIENCE && probe.left >= LEAST_QUERIES; round++) {
    const next = yield* walk(probe, { at, round, options });
    idle = length(next) < length(at) * (1 - PRECISION) ? 0 : idle + 1;
    if (length(next) < length(at)) at = next;
  }
  yield* drawIn(probe, yield* shrink(probe, at));
}

interface Step {
  readonly at: Float64Array;
  readonly round: number;
  readonly options: HopSkipJumpOptions;
}

function* walk(probe: Probe, { at, round, options }: Step): Asking<Float64Array> {
  const samples = Math.min(Math.round(FIRST_SAMPLES * Math.sqrt(round)), probe.left - LEAST_QUERIES / 2);
  const reach = length(at) * Math.min(0.1, 1 / probe.space.dimensions);
  const normal = yield* boundaryNormal(probe, {
    at,
    samples: Math.max(samples, 8),
    reach,
    random: options.random,
  });
  if (normal === null) return at;
  const straight = yield* fromTheRow(probe, normal, length(at));
  yield* alongSigns(probe, normal, options.epsilons);
  if (straight !== null) return straight;
  return yield* hop(probe, { at, normal, size: length(at) / Math.sqrt(round) });
}

/** Along the normal from the row itself, as far as bounds let it: null where that is no shorter than `size`. */
function* fromTheRow(probe: Probe, normal: Float64Array, size: number): Asking<Float64Array | null> {
  const farthest = radiusOfLength(probe, normal, size);
  const radius = yield* searchRay(probe, { direction: normal, radii: [farthest], precision: PRECISION });
  return radius === null ? null : probe.within(along(normal, radius));
}

/** The radius at which the ray, bent by bounds, has the given length; where bounds end it before, twice as far as that. */
function radiusOfLength(probe: Probe, direction: Float64Array, size: number): number {
  let [low, high] = [size, size];
  const reached = (radius: number) => length(probe.within(along(direction, radius)));
  for (let double = 0; double < 12 && reached(high) < size; double++) [low, high] = [high, high * 2];
  for (let halving = 0; halving < 20 && low < high; halving++) {
    const middle = (low + high) / 2;
    if (reached(middle) < size) low = middle;
    else high = middle;
  }
  return low;
}

/** Along the signs of the normal, below the smallest L∞ radius known. */
function* alongSigns(probe: Probe, normal: Float64Array, epsilons: readonly number[]): Asking<void> {
  const below = (probe.linf?.linf ?? 0) * (1 - PRECISION);
  if (below <= 0) return;
  const radii = [...epsilons.filter((epsilon) => epsilon < below), below];
  yield* searchRay(probe, { direction: normal.map(Math.sign), radii, precision: PRECISION });
}

/** A hop into the other class, halved until it flips, then drawn in towards the row. */
function* hop(
  probe: Probe,
  { at, normal, size }: { readonly at: Float64Array; readonly normal: Float64Array; readonly size: number },
): Asking<Float64Array> {
  for (let step = size; step > size / 256; step /= 2) {
    const there = at.map((part, coordinate) => part + step * (normal[coordinate] ?? 0));
    const { flips } = yield* probe.ask([there]);
    if (flips[0]) return yield* drawIn(probe, there);
  }
  return at;
}

/** The point nearest to the row, on the straight line to it, that still flips. */
function* drawIn(probe: Probe, delta: Float64Array): Asking<Float64Array> {
  const radius = yield* searchRay(probe, { direction: delta, radii: [1], precision: PRECISION });
  return radius === null ? delta : probe.within(along(delta, radius));
}
