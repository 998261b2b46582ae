import type { Row } from './predictions.ts';

/** Metrics of a set of rows by the names on the card, each straight from its definition; positive means fraud. */
export function performance(rows: readonly Row[]): Readonly<Record<string, number>> {
  const frauds = rows.filter((row) => row.is_fraud === 1);
  const legitimate = rows.filter((row) => row.is_fraud === 0);
  const declined = (among: readonly Row[]) => among.filter((row) => row.approved === 0).length;
  return {
    accuracy: (declined(frauds) + legitimate.length - declined(legitimate)) / rows.length,
    precision: declined(frauds) / declined(rows),
    recall: declined(frauds) / frauds.length,
    false_positive_rate: declined(legitimate) / legitimate.length,
    auc: auc(
      frauds.map((row) => row.fraud_score),
      legitimate.map((row) => row.fraud_score),
    ),
  };
}

/** The share of pairs of one fraud and one legitimate purchase that are ranked rightly; a tie counts half. */
function auc(frauds: readonly number[], legitimate: readonly number[]): number {
  const sorted = Float64Array.from(legitimate).sort();
  const below = (score: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const value = sorted[middle] ?? Number.NaN;
      if (value < score || (orEqual && value === score)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const right = frauds.reduce((sum, score) => sum + (below(score, false) + below(score, true)) / 2, 0);
  return right / (frauds.length * legitimate.length);
}
