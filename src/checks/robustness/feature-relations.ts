import type { AttackFeature } from './classifier.ts';
import { Random } from './random.ts';
import { classifyIn, columnOf, compare, type Reference } from './reference.ts';
import { type MonotoneFeature, type RelationResult, RelationTally } from './relations.ts';

/** Values that each row is given of an irrelevant feature. */
const OTHER_VALUES = 3;
/** Points of the grid along a monotone feature. */
const GRID = 12;

/** A feature declared irrelevant must not matter, whatever value another row has, or bounds or levels allow. */
export async function irrelevant(reference: Reference, name: string): Promise<RelationResult> {
  const column = columnOf(reference, name);
  const random = new Random(reference.seed, 'irrelevant', name);
  const tally = new RelationTally('irrelevant', name);
  for (let time = 0; time < OTHER_VALUES; time++) {
    const order = random.order(reference.count);
    const values = Float64Array.from(order, (other) =>
      otherValue(reference, column, { other, random, time }),
    );
    await compareWith(reference, { column, values, tally });
  }
  return tally.result();
}

/** Swaps a categorical feature for each of its other levels: counts the rows whose class changes for one of them. */
export async function swap(reference: Reference, name: string): Promise<RelationResult> {
  const column = columnOf(reference, name);
  const tally = new RelationTally('swap', name);
  for (const level of reference.features[column]?.levels ?? []) {
    await compareWith(reference, { column, values: new Float64Array(reference.count).fill(level), tally });
  }
  return tally.result();
}

/**
 * The score of a class must not move against the declared direction as the feature goes up. Labels are held to it
 * only of two classes: of more, another class's score may rise faster.
 */
export async function monotone(reference: Reference, declared: MonotoneFeature): Promise<RelationResult> {
  const { classifier, rows, count, features, tolerance } = reference;
  const column = columnOf(reference, declared.feature);
  const tally = new RelationTally('monotone', declared.feature);
  const grid = gridOf(reference, column);
  let before: Side | null = null;
  for (const value of grid) {
    const answer = await classifyIn(
      reference,
      withColumn(rows, features.length, column, () => value),
      count,
    );
    const side = sideOf(answer, classifier.classes, declared.class ?? 1);
    const comparable = side.score !== null || classifier.classes === 2;
    for (let row = 0; before !== null && comparable && row < count; row++) {
      tally.add(row, wrongWay(before, side, row, declared.direction === 'increasing' ? 1 : -1), tolerance);
    }
    before = side;
  }
  return tally.result();
}

interface Comparison {
  readonly column: number;
  readonly values: Float64Array;
  readonly tally: RelationTally;
}

/** Compares each row with itself under another value of the column; rows that have that value already say nothing. */
async function compareWith(reference: Reference, { column, values, tally }: Comparison): Promise<void> {
  const { classifier, features, rows, count, clean, tolerance } = reference;
  const changed = withColumn(rows, features.length, column, (row) => values[row] ?? Number.NaN);
  const answer = await classifyIn(reference, changed, Math.max(1, count));
  for (let row = 0; row < count; row++) {
    if (Object.is(rows[row * features.length + column], values[row])) continue;
    tally.add(row, compare(classifier.classes, [clean, row], [answer, row]), tolerance);
  }
}

function withColumn(
  rows: Float64Array,
  width: number,
  column: number,
  value: (row: number) => number,
): Float64Array {
  const changed = rows.slice();
  for (let at = column, row = 0; at < changed.length; at += width, row++) changed[at] = value(row);
  return changed;
}

interface Source {
  readonly other: number;
  readonly random: Random;
  readonly time: number;
}

/** Another row's value the first time, then one within bounds or among the levels where they are known. */
function otherValue({ features, rows }: Reference, column: number, { other, random, time }: Source): number {
  const feature = features[column];
  const taken = rows[other * features.length + column] ?? Number.NaN;
  return (time > 0 && feature !== undefined ? drawn(feature, random) : null) ?? taken;
}

function drawn({ levels, min, max, integer }: AttackFeature, random: Random): number | null {
  if (levels !== undefined && levels.length > 0) return levels[random.below(levels.length)] ?? null;
  if (!Number.isFinite(max - min)) return null;
  const value = random.between(min, max);
  return integer ? Math.round(value) : value;
}

/** Ascending values of the column: between its bounds where they are finite, else quantiles of what the rows have. */
function gridOf({ features, rows, count }: Reference, column: number): number[] {
  const { min, max, integer } = features[column] ?? { min: Number.NaN, max: Number.NaN, integer: false };
  const own = Float64Array.from(
    { length: count },
    (_, row) => rows[row * features.length + column] ?? Number.NaN,
  );
  const sorted = own.filter(Number.isFinite).sort();
  const at = (share: number) =>
    Number.isFinite(max - min)
      ? min + share * (max - min)
      : (sorted[Math.round(share * (sorted.length - 1))] ?? 0);
  const grid = Array.from({ length: GRID }, (_, index) => at(index / (GRID - 1)));
  return [...new Set(integer ? grid.map(Math.round) : grid)];
}

/** Per row, whether the class is the one in question, and its score where there is one. */
interface Side {
  readonly taken: (row: number) => number;
  readonly score: ((row: number) => number) | null;
}

function sideOf(
  { labels, scores }: { labels: Int32Array; scores: Float64Array | null },
  classes: number,
  of: number,
): Side {
  const taken = (row: number) => (classes === 2 && labels[row] === of ? 1 : 0);
  return { taken, score: scores && ((row) => scores[row * classes + of] ?? Number.NaN) };
}

function wrongWay(
  before: Side,
  after: Side,
  row: number,
  sign: 1 | -1,
): { label: boolean; worst: number | null } {
  const label = sign * (after.taken(row) - before.taken(row)) < 0;
  if (before.score === null || after.score === null) return { label, worst: null };
  return { label, worst: Math.max(0, -sign * (after.score(row) - before.score(row))) };
}
