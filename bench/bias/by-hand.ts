import { DuckDBInstance } from '@duckdb/node-api';

/** What each check compares, as an analyst would ask DuckDB for it. */
const RATES = {
  demographic_parity_within_threshold: 'avg(prediction) AS selection',
  equalised_odds_within_threshold:
    'avg(prediction) FILTER (WHERE label = 1) AS true_positive, avg(prediction) FILTER (WHERE label = 0) AS false_positive',
  disparate_impact_ratio_above_minimum: 'avg(prediction) AS selection',
} as const;

/** The checks that are measured. */
export type CheckName = keyof typeof RATES;
export const CHECK_NAMES = Object.keys(RATES) as readonly CheckName[];

/** Rates of every group by `attribute: group: rate`. */
export type Rates = Readonly<Record<string, number>>;

/** Computes the rates with one query, in DuckDB as it comes: all processors, no limits, nothing verified. */
export async function byHand(check: CheckName, path: string): Promise<Rates> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`
    SELECT sex, age_band, ${RATES[check]} FROM '${path}'
    GROUP BY GROUPING SETS ((sex), (age_band), (sex, age_band))`);
  const rows = reader.getRowObjectsJS() as Record<string, string | number | null>[];
  connection.closeSync();
  instance.closeSync();
  return Object.fromEntries(
    rows.flatMap(({ sex, age_band, ...rates }) => {
      const columns = [...(sex === null ? [] : ['sex']), ...(age_band === null ? [] : ['age_band'])];
      const group = [sex, age_band].filter((value) => value !== null).join(' & ');
      return Object.entries(rates).map(([rate, value]) => [
        `${columns.join(' & ')}: ${group}: ${rate}`,
        Number(value),
      ]);
    }),
  );
}
