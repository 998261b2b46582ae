import type { Asking, Probe } from './probe.ts';

/** Radii are told apart down to this, in scaled units: a row on the boundary flips at any. */
const SMALLEST = 1e-9;

/** A ray from the row itself: the perturbation `radius` × `direction`, with what bounds take from it. */
export function along(direction: Float64Array, radius: number): Float64Array {
  const delta = new Float64Array(direction.length);
  for (let part = 0; part < delta.length; part++) delta[part] = (direction[part] ?? 0) * radius;
  return delta;
}

/** What a search along a ray looks at. */
export interface RaySearch {
  readonly direction: Float64Array;
  /** Radii to try first, in ascending order. */
  readonly radii: readonly number[];
  /** Relative width to which the smallest radius that flips is narrowed down. */
  readonly precision: number;
}

/**
 * The smallest radius found at which the row flips: first the given radii, then bisection between the smallest one
 * that flips and the one before it. Null where none flips.
 */
export function* searchRay(probe: Probe, { direction, radii, precision }: RaySearch): Asking<number | null> {
  const { flips } = yield* probe.ask(radii.map((radius) => along(direction, radius)));
  const first = flips.indexOf(true);
  if (first < 0) return null;
  let high = radii[first] ?? 0;
  let low = first === 0 ? 0 : (radii[first - 1] ?? 0);
  while (high - low > Math.max(precision * high, SMALLEST)) {
    const middle = (low + high) / 2;
    const answer = yield* probe.ask([along(direction, middle)]);
    if (answer.flips[0]) high = middle;
    else low = middle;
  }
  return high;
}

/** Euclidean length. */
export function length(vector: Float64Array): number {
  let squares = 0;
  for (const part of vector) squares += part * part;
  return Math.sqrt(squares);
}

/** The farthest that any coordinate of the row can be moved, in scaled units. */
export function farthest(probe: Probe): number {
  let far = 0;
  for (let coordinate = 0; coordinate < probe.space.dimensions; coordinate++) {
    const { down, up } = probe.space.room(probe.origin, coordinate);
    far = Math.max(far, -down, up);
  }
  return far;
}
