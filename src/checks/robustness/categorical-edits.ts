import { margin, marginRule } from './margin.ts';
import type { Answer, Asking, Probe } from './probe.ts';
import type { Random } from './random.ts';

/** Sets of edits that the next edit is added to. */
const BEAM = 8;

/** What the categorical edits take from outside. */
export interface EditOptions {
  /** Categories that may be changed at once. */
  readonly most: number;
  readonly random: Random;
}

/**
 * Changes categories: each single one to each other level, then (up to `most`) one more on top of those that came
 * nearest to flipping, or of random ones where the model gives no scores. Ends with the first number that flips.
 */
export function* categoricalEdits(probe: Probe, { most, random }: EditOptions): Asking<void> {
  let bases: readonly Float64Array[] = [probe.origin];
  for (let edits = 1; edits <= most; edits++) {
    const rows = shuffled(withoutDoubles(bases.flatMap((base) => oneMore(probe, base))), random);
    if (rows.length === 0) return;
    const answer = yield* probe.askRows(rows);
    if (answer.flips.includes(true)) return;
    bases = nearest(probe, rows, answer);
  }
}

/** All rows with one more category changed. */
function oneMore(probe: Probe, base: Float64Array): Float64Array[] {
  const { space, origin } = probe;
  const untouched = space.categories.filter((column) => Object.is(base[column], origin[column]));
  return untouched.flatMap((column) => {
    const levels = (space.feature(column).levels ?? []).filter((level) => !Object.is(level, origin[column]));
    return levels.map((level) => Float64Array.from(base, (value, at) => (at === column ? level : value)));
  });
}

function withoutDoubles(rows: readonly Float64Array[]): Float64Array[] {
  return [...new Map(rows.map((row) => [row.join(), row])).values()];
}

/** Random order, so that a budget that ends early leaves out none in particular. */
function shuffled(rows: readonly Float64Array[], random: Random): Float64Array[] {
  return Array.from(random.order(rows.length), (index) => rows[index] ?? new Float64Array(0));
}

function nearest(probe: Probe, rows: readonly Float64Array[], { scores }: Answer): Float64Array[] {
  if (scores === null || probe.scores === null) return rows.slice(0, BEAM);
  const { classes, threshold } = probe.model;
  const rule = marginRule(probe.scores, classes, threshold);
  const targets = Array.from({ length: classes }, (_, target) => target).filter(
    (target) => target !== probe.label,
  );
  const ahead = rows.map((_, index) =>
    Math.max(
      ...targets.map((target) => margin(rule, scores, index * classes, { label: probe.label, target })),
    ),
  );
  const order = [...rows.keys()].sort((a, b) => (ahead[b] ?? 0) - (ahead[a] ?? 0));
  return order.slice(0, BEAM).map((index) => rows[index] ?? probe.origin);
}
