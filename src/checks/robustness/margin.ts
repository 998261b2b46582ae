/** How scores are compared: as logarithms where they are probabilities (a softmax is linear then), else as they are. */
export interface MarginRule {
  readonly classes: number;
  readonly threshold: number | undefined;
  readonly probabilities: boolean;
  readonly sumToOne: boolean;
}

/** The rule for a model, from the scores that it gave one row. */
export function marginRule(scores: Float64Array, classes: number, threshold: number | undefined): MarginRule {
  const probabilities = scores.every((score) => score >= 0 && score <= 1);
  const sum = scores.reduce((total, score) => total + score, 0);
  return { classes, threshold, probabilities, sumToOne: probabilities && Math.abs(sum - 1) <= 1e-3 };
}

/**
 * By how much `target` is ahead of `label` in the scores that start at `offset`: above 0 where the model takes it.
 * With two classes and a threshold it is the second class's score against the threshold (in log odds for
 * probabilities).
 */
export function margin(
  rule: MarginRule,
  scores: Float64Array,
  offset: number,
  { label, target }: { readonly label: number; readonly target: number },
): number {
  const score = (of: number) => scores[offset + of] ?? Number.NaN;
  if (rule.threshold === undefined || rule.classes !== 2) {
    if (!rule.probabilities) return score(target) - score(label);
    return logarithm(score(target)) - logarithm(score(label));
  }
  const ahead = secondAhead(rule, score(0), score(1), rule.threshold);
  return target === 1 ? ahead : -ahead;
}

function secondAhead(rule: MarginRule, first: number, second: number, threshold: number): number {
  if (!rule.probabilities) return second - threshold;
  const odds = logarithm(threshold) - logarithm(1 - threshold);
  // Where the second score is near 1, the first one still has the digits that 1 - second has lost.
  return logarithm(second) - logarithm(rule.sumToOne ? first : 1 - second) - odds;
}

function logarithm(probability: number): number {
  return Math.log(Math.max(probability, Number.MIN_VALUE));
}
