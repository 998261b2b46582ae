import type { AttackFeature, Classifier, Prediction } from './classifier.ts';
import { classify } from './drive.ts';

/** The rows that metamorphic tests start from, and what the model says of them all in one batch. */
export interface Reference {
  readonly classifier: Classifier;
  readonly features: readonly AttackFeature[];
  readonly rows: Float64Array;
  readonly count: number;
  readonly clean: Prediction;
  readonly seed: string;
  /** How much a score may change where it must not. */
  readonly tolerance: number;
}

/** Asks in batches of a given number of rows, and puts the answers together. */
export async function classifyIn(
  { classifier, features }: Pick<Reference, 'classifier' | 'features'>,
  rows: Float64Array,
  batch: number,
): Promise<Prediction> {
  const width = features.length;
  const count = rows.length / width;
  const labels = new Int32Array(count);
  let scores: Float64Array | null = new Float64Array(count * classifier.classes);
  for (let first = 0; first < count; first += batch) {
    const end = Math.min(count, first + batch);
    const answer = await classify(classifier, rows.slice(first * width, end * width), end - first);
    labels.set(answer.labels, first);
    if (answer.scores === null) scores = null;
    else scores?.set(answer.scores, first * classifier.classes);
  }
  return { labels, scores };
}

/** How the answer about row `b` differs from that about row `a`: in class, and at most in a score (NaN stays NaN). */
export function compare(
  classes: number,
  [first, a]: At,
  [second, b]: At,
): { label: boolean; worst: number | null } {
  const label = first.labels[a] !== second.labels[b];
  if (first.scores === null || second.scores === null) return { label, worst: null };
  let worst = 0;
  for (let index = 0; index < classes; index++) {
    const one = first.scores[a * classes + index];
    const other = second.scores[b * classes + index];
    // Infinite scores that are equal have a difference of NaN.
    if (!Object.is(one, other)) worst = Math.max(worst, Math.abs((one ?? 0) - (other ?? 0)));
  }
  return { label, worst };
}

/** An answer, and the row in it. */
export type At = readonly [Prediction, number];

/** The column of a feature. @throws RangeError where there is none of that name. */
export function columnOf({ features }: Pick<Reference, 'features'>, name: string): number {
  const column = features.findIndex((feature) => feature.name === name);
  if (column < 0) throw new RangeError(`there is no feature ${name}`);
  return column;
}
