import { type Interval, katz, newcombe, type Proportion } from '../statistics/intervals.ts';

/** Two rates to hold against each other: the higher and the lower, or a group and the named reference. */
export interface RatePair {
  readonly first: Proportion;
  readonly second: Proportion;
}

/** A way of comparing two rates, with the limits that a policy sets. */
export interface Measure {
  readonly name: 'difference' | 'ratio';
  /** How the limit is written in messages. */
  readonly limit: string;
  /** The value of a pair; undefined where it has none. */
  value(pair: RatePair): number | undefined;
  interval(pair: RatePair, z: number): Interval;
  /** Whether everything in the interval is within the limits; a point is an interval of no width. */
  satisfied(interval: Interval): boolean;
  /** Whether nothing in the interval is within the limits. */
  violated(interval: Interval): boolean;
  /** Greater for worse values. */
  badness(value: number): number;
  /** `0.27 > 0.10`, for the sentence of a violation. */
  said(value: number): string;
  /** `0.04 ≤ 0.10`, for the sentence of a pass. */
  kept(value: number): string;
}

// Rates are quotients of sums: 0.4 - 0.3 is a little more than 0.1.
const EPSILON = 1e-9;

/** The absolute difference of two rates, at most `max`. */
export function differenceMeasure(max: number): Measure {
  return {
    name: 'difference',
    limit: decimal(max),
    value: ({ first, second }) => Math.abs(rate(first) - rate(second)),
    interval: ({ first, second }, z) =>
      rate(first) >= rate(second) ? newcombe(first, second, z) : newcombe(second, first, z),
    satisfied: ({ lower, upper }) => Math.max(Math.abs(lower), upper) <= max + EPSILON,
    violated: ({ lower }) => lower > max + EPSILON,
    badness: (value) => value,
    said: (value) => compared(value, '>', max),
    kept: (value) => `${decimal(value)} ≤ ${decimal(max)}`,
  };
}

/** The lower rate over the higher, at least `min`. */
export function foldedRatioMeasure(min: number): Measure {
  return {
    name: 'ratio',
    limit: decimal(min),
    value: ({ first, second }) => {
      const [low, high] = ordered(first, second);
      return rate(high) === 0 ? undefined : rate(low) / rate(high);
    },
    interval: ({ first, second }, z) => katz(...ordered(first, second), z),
    satisfied: ({ lower, upper }) => Math.min(lower, 1 / upper) >= min - EPSILON,
    violated: ({ upper }) => upper < min - EPSILON,
    badness: (value) => -value,
    said: (value) => compared(value, '<', min),
    kept: (value) => `${decimal(value)} ≥ ${decimal(min)}`,
  };
}

/** A group's rate over that of the named reference, not folded (AIF360): from `min` to `max`. */
export function signedRatioMeasure(min: number, max: number): Measure {
  return {
    name: 'ratio',
    limit: max === Number.POSITIVE_INFINITY ? decimal(min) : `${decimal(min)} to ${decimal(max)}`,
    value: ({ first, second }) => (rate(second) === 0 ? undefined : rate(first) / rate(second)),
    interval: ({ first, second }, z) => katz(first, second, z),
    satisfied: ({ lower, upper }) => lower >= min - EPSILON && upper <= max + EPSILON,
    violated: ({ lower, upper }) => upper < min - EPSILON || lower > max + EPSILON,
    badness: (value) => Math.max(min / value, value / max),
    said: (value) => (value > max ? compared(value, '>', max) : compared(value, '<', min)),
    kept: (value) =>
      max === Number.POSITIVE_INFINITY
        ? `${decimal(value)} ≥ ${decimal(min)}`
        : `${decimal(min)} ≤ ${decimal(value)} ≤ ${decimal(max)}`,
  };
}

function ordered(first: Proportion, second: Proportion): [Proportion, Proportion] {
  return rate(first) <= rate(second) ? [first, second] : [second, first];
}

function rate({ hits, total }: Proportion): number {
  return hits / total;
}

/** Two decimals, as rates are read. */
export function decimal(value: number, digits = 2): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '∞';
}

/** `0.27 > 0.10`, with as many decimals as it takes to tell the two apart. */
function compared(value: number, sign: '>' | '<', limit: number): string {
  const digits = [2, 3, 4, 6, 9].find((count) => decimal(value, count) !== decimal(limit, count)) ?? 9;
  return `${decimal(value, digits)} ${sign} ${decimal(limit, digits)}`;
}
