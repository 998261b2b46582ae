import type { Cell, Decisions } from './decisions.ts';
import { identifier } from './duckdb.ts';
import type { Table } from './table.ts';

/** Weighted counts of right and wrong decisions. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** Adds up cells whose true outcome is known. */
export function confusionOf(cells: readonly Cell[]): Confusion {
  const sum = (actual: boolean, decided: boolean) =>
    cells.reduce(
      (all, cell) => all + (cell.actual === actual && cell.decided === decided ? cell.weight : 0),
      0,
    );
  return { tp: sum(true, true), fp: sum(false, true), tn: sum(false, false), fn: sum(true, false) };
}

const METRICS: Readonly<Record<string, (counts: Confusion) => number>> = {
  accuracy: ({ tp, fp, tn, fn }) => (tp + tn) / (tp + fp + tn + fn),
  balanced_accuracy: ({ tp, fp, tn, fn }) => (tp / (tp + fn) + tn / (tn + fp)) / 2,
  precision: ({ tp, fp }) => tp / (tp + fp),
  negative_predictive_value: ({ tn, fn }) => tn / (tn + fn),
  recall: ({ tp, fn }) => tp / (tp + fn),
  specificity: ({ tn, fp }) => tn / (tn + fp),
  false_positive_rate: ({ tn, fp }) => fp / (tn + fp),
  false_negative_rate: ({ tp, fn }) => fn / (tp + fn),
  f1: ({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn),
  selection_rate: ({ tp, fp, tn, fn }) => (tp + fp) / (tp + fp + tn + fn),
};

/** Whether a metric, in its canonical spelling, can be computed from counts. */
export function isCountable(type: string): boolean {
  return Object.hasOwn(METRICS, type);
}

/** A metric from its counts; undefined where it has no value, such as recall without positives. */
export function metricOf(type: string, counts: Confusion): number | undefined {
  const value = METRICS[type]?.(counts);
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/**
 * Area under the ROC curve: the weighted share of pairs of a positive and a negative in which the positive has
 * the higher score, ties counting half (Mann-Whitney).
 */
export async function areaUnderCurve(
  table: Table,
  { coding }: Decisions,
  score: string,
  conditions: readonly { readonly sql: string; readonly value: string }[],
): Promise<number | undefined> {
  const where = conditions.map(({ sql }, index) => `${sql} = $${index + 1}`).join(' AND ') || 'true';
  const [row] = await table.query(
    `WITH scored AS (
       SELECT TRY_CAST(${identifier(score)} AS DOUBLE) AS s, ${coding.actual} AS y, ${coding.weight} AS w
       FROM ${table.source} WHERE ${where}),
     tied AS (
       SELECT s, coalesce(sum(w) FILTER (WHERE y), 0) AS p, coalesce(sum(w) FILTER (WHERE NOT y), 0) AS n
       FROM scored GROUP BY s),
     ranked AS (SELECT p, n, sum(n) OVER (ORDER BY s ROWS UNBOUNDED PRECEDING) - n AS below FROM tied)
     SELECT sum(p * (below + n / 2)) AS won, sum(p) * sum(n) AS pairs FROM ranked`,
    conditions.map(({ value }) => value),
  );
  const pairs = Number(row?.['pairs'] ?? 0);
  return pairs > 0 ? Number(row?.['won']) / pairs : undefined;
}
