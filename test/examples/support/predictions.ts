import { DuckDBInstance } from '@duckdb/node-api';

/** A row of `eval-predictions.parquet`. */
export interface Row {
  readonly transaction_id: number;
  readonly sex: string;
  readonly age_band: string;
  readonly is_fraud: number;
  readonly fraud_score: number;
  readonly approved: number;
}

/** Reads the rows as they are; whatever is computed from them is computed by the caller. */
export async function readRows(file: string): Promise<Row[]> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const reader = await connection.runAndReadAll('SELECT * FROM read_parquet($file)', { file });
  const rows = reader.getRowObjectsJS() as unknown as Row[];
  connection.closeSync();
  database.closeSync();
  return rows;
}

/** Rows that match a card's slice, such as `sex=female & age_band=18-25`; all of them without one. */
export function inSlice(rows: readonly Row[], slice: string | undefined): Row[] {
  const conditions = (slice ?? '')
    .split(' & ')
    .filter(Boolean)
    .map((condition) => condition.split('='));
  return rows.filter((row) =>
    conditions.every(([column, value]) => String(row[column as keyof Row]) === value),
  );
}
