import { rename } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Writes evaluated rows as Parquet, always the same ones: two protected attributes that the decision does not depend
 * on, a true outcome, a decision that is right four times in five, and the score behind it.
 */
export async function writeRows(path: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const draw = (salt: number) => `(hash(i, ${salt}) % 1000)::INTEGER`;
  await connection.run(`
    COPY (
      SELECT
        CASE WHEN ${draw(1)} < 480 THEN 'female' WHEN ${draw(1)} < 960 THEN 'male' ELSE 'other' END AS sex,
        ['18-25', '26-39', '40-59', '60+'][1 + ${draw(2)} % 4] AS age_band,
        (${draw(3)} < 400)::INTEGER AS label,
        CASE WHEN ${draw(4)} < 800 THEN label ELSE 1 - label END AS prediction,
        CASE WHEN prediction = 1 THEN 0.5 + ${draw(5)} / 2000 ELSE ${draw(5)} / 2001 END AS score
      FROM range(${rows}) t(i)
    ) TO '${path.replaceAll("'", "''")}.part' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  await rename(`${path}.part`, path);
}
