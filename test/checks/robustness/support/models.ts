import type { AttackFeature, Classifier, Prediction } from '../../../../src/checks/robustness/index.ts';

/** A classifier that counts what it is asked. */
export interface Counted extends Classifier {
  queries: number;
}

/** A classifier from a function of one row: its label, or its scores. */
export function classifierOf(
  width: number,
  classes: number,
  answer: (row: Float64Array) => number | readonly number[],
  threshold?: number,
): Counted {
  const model: Counted = {
    classes,
    queries: 0,
    ...(threshold === undefined ? {} : { threshold }),
    predict(rows, count): Promise<Prediction> {
      model.queries += count;
      const answers = Array.from({ length: count }, (_, row) =>
        answer(rows.subarray(row * width, (row + 1) * width)),
      );
      const scored = answers.map((one) => (typeof one === 'number' ? null : one));
      const labels = answers.map((one) => (typeof one === 'number' ? one : taken(one, threshold)));
      const scores = scored.includes(null) ? null : Float64Array.from(scored.flatMap((one) => one ?? []));
      return Promise.resolve({ labels: Int32Array.from(labels), scores });
    },
  };
  return model;
}

function taken(scores: readonly number[], threshold: number | undefined): number {
  if (threshold !== undefined) return (scores[1] ?? 0) >= threshold ? 1 : 0;
  return scores.indexOf(Math.max(...scores));
}

export function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

export function dot(weights: readonly number[], row: Float64Array): number {
  return weights.reduce((sum, weight, index) => sum + weight * (row[index] ?? 0), 0);
}

/** A continuous, mutable feature of scale 1 without bounds, but for what is given. */
export function feature(name: string, rest: Partial<AttackFeature> = {}): AttackFeature {
  const unbounded = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  return { name, kind: 'continuous', scale: 1, ...unbounded, integer: false, mutable: true, ...rest };
}
