import type { Row } from './predictions.ts';

const Z = 1.959964;

/** A proportion: how many of how many. */
interface Proportion {
  readonly of: number;
  readonly count: number;
}

/** A measured value with its 95 % interval. */
interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The groups' proportions of approved rows, among the rows that `counts` picks. */
export function approvals(
  rows: readonly Row[],
  group: (row: Row) => string,
  counts: (row: Row) => boolean,
): Proportion[] {
  const groups = Object.values(Object.groupBy(rows.filter(counts), group));
  return groups.map((members = []) => ({
    of: members.length,
    count: members.filter((row) => row.approved === 1).length,
  }));
}

/** Highest less lowest rate, with Newcombe's interval (his method 10: from the two Wilson intervals). */
export function difference(groups: readonly Proportion[]): Interval {
  const { lowest, highest } = extremes(groups);
  const [a, b] = [wilson(highest), wilson(lowest)];
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/** Lowest over highest rate, with Katz's interval on the logarithm. */
export function ratio(groups: readonly Proportion[]): Interval {
  const { lowest, highest } = extremes(groups);
  const value = rate(lowest) / rate(highest);
  const error = Math.sqrt(1 / lowest.count - 1 / lowest.of + 1 / highest.count - 1 / highest.of);
  return { value, low: value * Math.exp(-Z * error), high: value * Math.exp(Z * error) };
}

function rate({ count, of }: Proportion): number {
  return count / of;
}

function extremes(groups: readonly Proportion[]): { lowest: Proportion; highest: Proportion } {
  const sorted = [...groups].sort((a, b) => rate(a) - rate(b));
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) throw new Error('no groups');
  return { lowest, highest };
}

function wilson(proportion: Proportion): Interval {
  const { of: n } = proportion;
  const value = rate(proportion);
  const centre = (value + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z * Math.sqrt((value * (1 - value)) / n + Z ** 2 / (4 * n ** 2))) / (1 + Z ** 2 / n);
  return { value, low: centre - half, high: centre + half };
}
