import type { Problem } from '../../lib/index.ts';
import { counted, quoted } from '../report.ts';
import { PREDICTIONS } from './columns.ts';
import { identifier } from './duckdb.ts';
import type { Table } from './table.ts';

/** Ids that are looked at in one pass: they are all held in memory, so that a large file takes several. */
const IDS_PER_PASS = 1_000_000;

/** Rows whose id another row has, or that have none. */
export async function repeatedIds(
  table: Table,
  column: string | undefined,
  rows: number,
): Promise<readonly Problem[]> {
  if (column === undefined) return [];
  const passes = Math.max(1, Math.ceil(rows / IDS_PER_PASS));
  let repeated = 0;
  for (let pass = 0; pass < passes; pass += 1) repeated += await repeatedInPass(table, column, pass, passes);
  if (repeated === 0) return [];
  const message = `${counted(repeated, 'row')} whose id in ${quoted(column)} is missing or that of another row`;
  return [{ where: PREDICTIONS, message }];
}

/** Equal ids fall into the same pass. */
async function repeatedInPass(table: Table, column: string, pass: number, passes: number): Promise<number> {
  const [row] = await table.query(
    `SELECT CAST(count(*) - count(DISTINCT id) AS DOUBLE) AS repeated
     FROM (SELECT ${identifier(column)} AS id FROM ${table.source})
     WHERE coalesce(hash(id), 0) % ${passes} = ${pass}`,
  );
  return Number(row?.['repeated'] ?? 0);
}
