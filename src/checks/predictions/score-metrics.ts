import type { Decisions } from './decisions.ts';
import { identifier } from './duckdb.ts';
import type { DecisionColumns } from './parameters.ts';
import type { Table } from './table.ts';

type Score = NonNullable<DecisionColumns['score']>;
/** A column as SQL, and the value that its rows must have. */
export interface ScoreCondition {
  readonly sql: string;
  readonly value: string;
}

/**
 * Metrics of scores, by SQL over `scored`: `s` rises with the positive outcome, `q` is its probability if the score is
 * one, `y` is whether it came true, `w` the row's weight. Each gives one number `v`, or NULL where it has no value.
 */
const METRICS: Readonly<Record<string, string>> = {
  /** The weighted share of pairs of a positive and a negative in which the positive is higher, ties counting half. */
  auc: `
    , ranked AS (SELECT p, n, sum(n) OVER (ORDER BY s ROWS UNBOUNDED PRECEDING) - n AS below FROM tied)
    SELECT sum(p * (below + n / 2)) / nullif(sum(p) * sum(n), 0) AS v FROM ranked`,
  /** Sum of precision times the step in recall, from the highest score down. */
  average_precision: `
    , points AS (${pointsOfPrecision()})
    SELECT sum(p * precision) / nullif(sum(p), 0) AS v FROM points`,
  /** Area under precision over recall by trapezoids, from precision 1 at recall 0. */
  pr_auc: `
    , points AS (${pointsOfPrecision()})
    , steps AS (SELECT p, precision, lag(precision, 1, 1.0) OVER (ORDER BY s DESC) AS before FROM points)
    SELECT sum(p * (precision + before) / 2) / nullif(sum(p), 0) AS v FROM steps`,
  brier_score: `
    SELECT CASE WHEN ${areProbabilities()} THEN sum(w * (q - y::INT) ** 2) / nullif(sum(w), 0) END AS v FROM scored`,
  /** Natural logarithm; probabilities are kept from 0 and 1 by the rounding unit of a double, as scikit-learn does. */
  log_loss: `
    SELECT CASE WHEN ${areProbabilities()} THEN
      -sum(w * ln(greatest(CASE WHEN y THEN q ELSE 1 - q END, 2.220446049250313e-16))) / nullif(sum(w), 0) END AS v
    FROM scored`,
};

function pointsOfPrecision(): string {
  return `SELECT s, p, tp / (tp + fp) AS precision FROM (
      SELECT s, p, sum(p) OVER down AS tp, sum(n) OVER down AS fp
      FROM tied WINDOW down AS (ORDER BY s DESC ROWS UNBOUNDED PRECEDING))
    WHERE tp + fp > 0`;
}

function areProbabilities(): string {
  return 'min(q) >= 0 AND max(q) <= 1';
}

/** Whether a metric, in its canonical spelling, can be computed from scores. */
export function isScored(type: string): boolean {
  return Object.hasOwn(METRICS, type);
}

/** Whether a metric adds up fractions, whose sum depends on the order of the rows. */
export function addsFractions(type: string): boolean {
  return type === 'brier_score' || type === 'log_loss';
}

/** A metric from the scores of the rows that meet all conditions; undefined where it has no value. */
export async function scoreMetric(
  type: string,
  { table, coding, score }: { table: Table; coding: Decisions['coding']; score: Score },
  conditions: readonly ScoreCondition[],
): Promise<number | undefined> {
  const where = conditions.map(({ sql }, index) => `${sql} = $${index + 1}`).join(' AND ') || 'true';
  const given = `TRY_CAST(${identifier(score.column)} AS DOUBLE)`;
  const below = score.positiveWhen === 'below';
  const [row] = await table.query(
    `WITH scored AS (
       SELECT ${below ? `-${given}` : given} AS s, ${below ? `1 - ${given}` : given} AS q, ${coding.actual} AS y, ${coding.weight} AS w
       FROM ${table.source} WHERE ${where}),
     tied AS (
       SELECT s, coalesce(sum(w) FILTER (WHERE y), 0) AS p, coalesce(sum(w) FILTER (WHERE NOT y), 0) AS n
       FROM scored GROUP BY s)
     ${METRICS[type]}`,
    conditions.map(({ value }) => value),
  );
  const value = row?.['v'];
  return value === null || value === undefined || !Number.isFinite(Number(value)) ? undefined : Number(value);
}
