import { DuckDBInstance } from '@duckdb/node-api';
import type { Transaction } from './data.ts';

/**
 * Scores at or above this are declined. It minimises cost where an approved fraud costs three times as much as a
 * declined legitimate purchase: 1 / (1 + 3).
 */
export const DECLINE_FROM = 0.25;

/** A text as an SQL literal. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Writes the scored held-out transactions as Parquet, one row each, in their order. */
export async function writePredictions(
  file: string,
  transactions: readonly Transaction[],
  scores: readonly number[],
): Promise<void> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await database.connect();
  await connection.run(`CREATE TABLE predictions (
    transaction_id INTEGER, sex VARCHAR, age_band VARCHAR,
    is_fraud UTINYINT, fraud_score DOUBLE, approved UTINYINT)`);
  const rows = await connection.createAppender('predictions');
  transactions.forEach((transaction, index) => {
    const score = scores[index] ?? Number.NaN;
    rows.appendInteger(index + 1);
    rows.appendVarchar(transaction.sex);
    rows.appendVarchar(transaction.ageBand);
    rows.appendUTinyInt(transaction.fraud ? 1 : 0);
    rows.appendDouble(score);
    rows.appendUTinyInt(score < DECLINE_FROM ? 1 : 0);
    rows.endRow();
  });
  rows.closeSync();
  await connection.run(
    `COPY (FROM predictions ORDER BY transaction_id) TO ${quoted(file)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  connection.closeSync();
  database.closeSync();
}
