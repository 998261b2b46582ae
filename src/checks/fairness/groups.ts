import type { Cell } from '../predictions/decisions.ts';
import type { Interval, Proportion } from '../statistics/intervals.ts';
import { wilson } from '../statistics/intervals.ts';
import { joined } from './parameters.ts';

/** What a rate is computed over: all rows of a group, or those with a positive or negative true outcome. */
export interface Basis {
  readonly rows: number;
  /** Sum of the weights, and of those of rows decided positively. */
  readonly weight: number;
  readonly hits: number;
  /** Sum of the squared weights. */
  readonly squares: number;
}

/** The rates of a group; a true positive rate is the rate of positive decisions among true positives. */
export type RateName = 'selection' | 'true_positive' | 'false_positive';

/** A group of rows: those with the same value of an attribute, or of several. */
export interface Group {
  readonly name: string;
  /** The value in each column; null where it is missing. */
  readonly values: readonly (string | null)[];
  /** Whether a value is missing in one of its columns. */
  readonly missing: boolean;
  readonly bases: Readonly<Record<RateName, Basis>>;
}

const MISSING = '(missing)';
const NOTHING: Basis = { rows: 0, weight: 0, hits: 0, squares: 0 };

/** Merges cells into groups, in the order of their names. Missing values are a group of their own. */
export function groupsOf(cells: readonly Cell[]): readonly Group[] {
  const byValues = Map.groupBy(cells, ({ group }) => JSON.stringify(group));
  return [...byValues.values()]
    .map((members) => ({ members, values: members[0]?.group ?? [] }))
    .map(({ members, values }) => ({
      name: joined(values.map((value) => value ?? MISSING)),
      values,
      missing: values.includes(null),
      bases: {
        selection: basisOf(members),
        true_positive: basisOf(members.filter(({ actual }) => actual === true)),
        false_positive: basisOf(members.filter(({ actual }) => actual === false)),
      },
    }))
    .sort((first, second) => (first.name < second.name ? -1 : 1));
}

function basisOf(cells: readonly Cell[]): Basis {
  return cells.reduce(
    (sum, cell) => ({
      rows: sum.rows + cell.rows,
      weight: sum.weight + cell.weight,
      hits: sum.hits + (cell.decided ? cell.weight : 0),
      squares: sum.squares + cell.squares,
    }),
    NOTHING,
  );
}

/** A rate, or undefined where it is computed over nothing; never 0 for want of rows. */
export function rateOf({ hits, weight }: Basis): number | undefined {
  return weight > 0 ? hits / weight : undefined;
}

/** As how many rows of equal weight they count (Kish: the squared sum of the weights over the sum of their squares). */
export function effectiveRows({ weight, squares }: Basis): number {
  return squares > 0 ? (weight / squares) * weight : 0;
}

/** A rate as hits out of the effective number of rows. */
export function proportionOf(basis: Basis): Proportion {
  const total = effectiveRows(basis);
  return { hits: (basis.hits / basis.weight) * total, total };
}

/** Wilson's interval of a rate, where there is a rate. */
export function intervalOf(basis: Basis, z: number): Interval | undefined {
  return basis.weight > 0 ? wilson(proportionOf(basis), z) : undefined;
}
