import { type Parsed, parsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { identifier } from '../predictions/duckdb.ts';
import { openTable, reasonOf, type Table } from '../predictions/table.ts';
import { announcesSpecial } from './column-names.ts';
import { type ColumnFinding, tallyColumn, tellable } from './tally.ts';

/** Characters of a value that are looked at; the rest is counted as not looked at. */
const MAX_CHARACTERS = 2000;

/** What the names of the columns are called among the columns: a file without a header has its first row there. */
const HEADER = '(names of the columns)';

/** What a scan of one data file found. */
export interface Scan {
  readonly rows: number;
  readonly sampled: number;
  readonly columns: number;
  /** Values longer than what was looked at. */
  readonly cut: number;
  readonly confirmed: readonly ColumnFinding[];
  readonly hints: readonly ColumnFinding[];
  /** Columns named like a special category of Art. 9(1) GDPR. */
  readonly special: readonly string[];
}

/** How much of a file is looked at, and which part. */
export interface Sampling {
  /** Rows at most; a smaller file is read whole. */
  readonly rows: number;
  /** Decides which rows: the same seed, the same rows. */
  readonly seed: number;
}

/** Looks for personal data in a sample of a table. Problems say why the table cannot be read. */
export async function scanTable(name: string, file: CheckFile, sampling: Sampling): Promise<Parsed<Scan>> {
  const table = await openTable(name, file);
  if (!table.ok) return table;
  try {
    return parsed(await scan(table.value, sampling));
  } catch (error) {
    return { ok: false, problems: [{ where: name, message: `cannot be read: ${reasonOf(error)}` }] };
  } finally {
    await table.value.close();
  }
}

async function scan(table: Table, sampling: Sampling): Promise<Scan> {
  const [counted] = await table.query(`SELECT CAST(count(*) AS DOUBLE) AS n FROM ${table.source}`);
  const rows = Number(counted?.['n'] ?? 0);
  await draw(table, sampling, rows);
  const names = tallyColumn(HEADER, table.columns);
  const confirmed: ColumnFinding[] = [...names.confirmed];
  const hints: ColumnFinding[] = [...names.hints];
  let cut = 0;
  for (const [index, column] of table.columns.entries()) {
    const read = await table.query(
      `SELECT v${index} AS value, c${index} AS cut FROM drawn WHERE v${index} IS NOT NULL`,
    );
    const values = read.map(({ value }) => String(value)).filter((value) => value.trim() !== '');
    const tally = tallyColumn(column, values);
    cut += read.filter((row) => row['cut'] === true).length;
    confirmed.push(...tally.confirmed);
    hints.push(...tally.hints);
  }
  const special = table.columns.filter(announcesSpecial).map(tellable);
  const sampled = Math.min(rows, sampling.rows);
  return { rows, sampled, columns: table.columns.length, cut, confirmed, hints, special };
}

/** Draws the rows into a table in memory, so that a wide file is read once and every column tells of the same rows. */
async function draw({ columns, source, query }: Table, { rows, seed }: Sampling, all: number): Promise<void> {
  const read = columns.map((column, index) => {
    const text = `CAST(${identifier(column)} AS VARCHAR)`;
    return `left(${text}, ${MAX_CHARACTERS}) AS v${index}, length(${text}) > ${MAX_CHARACTERS} AS c${index}`;
  });
  const chosen = all <= rows ? '' : ` USING SAMPLE reservoir(${rows} ROWS) REPEATABLE (${seed})`;
  await query(`CREATE TEMP TABLE drawn AS SELECT ${read.join(', ')} FROM ${source}${chosen}`);
}
