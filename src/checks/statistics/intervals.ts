/** A confidence interval; `upper` of a ratio may be Infinity. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** A proportion: how many of how many. Both may be fractional when rows carry weights (effective numbers). */
export interface Proportion {
  readonly hits: number;
  readonly total: number;
}

/** Wilson's score interval for one proportion (Wilson 1927). */
export function wilson({ hits, total }: Proportion, z: number): Interval {
  const rate = hits / total;
  const z2 = z * z;
  const centre = (rate + z2 / (2 * total)) / (1 + z2 / total);
  const half = (z / (1 + z2 / total)) * Math.sqrt((rate * (1 - rate)) / total + z2 / (4 * total * total));
  return {
    lower: hits === 0 ? 0 : Math.max(0, centre - half),
    upper: hits === total ? 1 : Math.min(1, centre + half),
  };
}

/** Newcombe's hybrid score interval for the difference first − second (Newcombe 1998, method 10). */
export function newcombe(first: Proportion, second: Proportion, z: number): Interval {
  const p1 = first.hits / first.total;
  const p2 = second.hits / second.total;
  const w1 = wilson(first, z);
  const w2 = wilson(second, z);
  return {
    lower: p1 - p2 - Math.hypot(p1 - w1.lower, w2.upper - p2),
    upper: p1 - p2 + Math.hypot(w1.upper - p1, p2 - w2.lower),
  };
}

/**
 * Katz's log interval for the ratio first / second (Katz et al. 1978). Where a count is 0 or both are full, the
 * logarithm has no value or no spread: half a hit and half a miss are added to both then.
 */
export function katz(first: Proportion, second: Proportion, z: number): Interval {
  const full = first.hits === first.total && second.hits === second.total;
  const add = first.hits === 0 || second.hits === 0 || full ? 0.5 : 0;
  const [a, n] = [first.hits + add, first.total + 2 * add];
  const [b, m] = [second.hits + add, second.total + 2 * add];
  const log = Math.log(a / n / (b / m));
  const error = z * Math.sqrt(1 / a - 1 / n + 1 / b - 1 / m);
  const lower = first.hits === 0 ? 0 : Math.exp(log - error);
  return { lower, upper: second.hits === 0 ? Number.POSITIVE_INFINITY : Math.exp(log + error) };
}
