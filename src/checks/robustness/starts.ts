import { Random } from './random.ts';
import type { AttackSpace } from './space.ts';

/** Rows that are looked through for near ones of another class. */
const POOL = 512;
/** Starts that are given to a row. */
const NEAREST = 4;

/** Rows of a reference set with the class that the model gives them. */
export interface LabelledRows {
  readonly rows: Float64Array;
  readonly labels: Int32Array;
}

/**
 * For a row, the perturbations that lead to the nearest rows which the model takes for another class: good places to
 * start a walk from, as they are like real data.
 */
export function startsFor(
  space: AttackSpace,
  { rows, labels }: LabelledRows,
  seed: string,
): (row: number) => Float64Array[] {
  const { width } = space;
  const pool = [...new Random(seed, 'starts').order(labels.length).slice(0, POOL)];
  return (row) => {
    const origin = rows.subarray(row * width, (row + 1) * width);
    const others = pool.filter((other) => labels[other] !== labels[row] && labels[other] !== -1);
    const deltas = others.map((other) =>
      between(space, origin, rows.subarray(other * width, (other + 1) * width)),
    );
    return deltas.sort((a, b) => squares(a) - squares(b)).slice(0, NEAREST);
  };
}

/** The perturbation that leads from one row to another in the mutable continuous columns; 0 where a value is missing. */
export function between(space: AttackSpace, from: Float64Array, to: Float64Array): Float64Array {
  return Float64Array.from(space.columns, (column) => {
    const delta = ((to[column] ?? 0) - (from[column] ?? 0)) / space.feature(column).scale;
    return Number.isFinite(delta) ? delta : 0;
  });
}

function squares(delta: Float64Array): number {
  return delta.reduce((sum, part) => sum + part * part, 0);
}
