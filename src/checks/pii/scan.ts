import { type Parsed, parsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { identifier } from '../predictions/duckdb.ts';
import { openTable, reasonOf, type Table } from '../predictions/table.ts';
import { announcesSpecial } from './column-names.ts';
import { type ColumnFinding, tallyColumn } from './tally.ts';

/** Characters of a value that are looked at; the rest is counted as not looked at. */
const MAX_CHARACTERS = 2000;
/** Columns read at once, so that memory stays bounded whatever the width. */
const COLUMNS_AT_ONCE = 4;

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
  const confirmed: ColumnFinding[] = [];
  const hints: ColumnFinding[] = [];
  let cut = 0;
  for (let at = 0; at < table.columns.length; at += COLUMNS_AT_ONCE) {
    const columns = table.columns.slice(at, at + COLUMNS_AT_ONCE);
    const read = await sample(table, columns, sampling, rows);
    columns.forEach((column, index) => {
      const values = read.flatMap((row) =>
        typeof row[`v${index}`] === 'string' ? [String(row[`v${index}`])] : [],
      );
      const tally = tallyColumn(
        column,
        values.filter((value) => value.trim() !== ''),
      );
      cut += read.filter((row) => row[`c${index}`] === true).length;
      confirmed.push(...tally.confirmed);
      hints.push(...tally.hints);
    });
  }
  const special = table.columns.filter(announcesSpecial);
  const sampled = Math.min(rows, sampling.rows);
  return { rows, sampled, columns: table.columns.length, cut, confirmed, hints, special };
}

function sample(table: Table, columns: readonly string[], { rows, seed }: Sampling, all: number) {
  const read = columns.map((column, index) => {
    const text = `CAST(${identifier(column)} AS VARCHAR)`;
    return `left(${text}, ${MAX_CHARACTERS}) AS v${index}, length(${text}) > ${MAX_CHARACTERS} AS c${index}`;
  });
  const chosen = all <= rows ? '' : ` USING SAMPLE reservoir(${rows} ROWS) REPEATABLE (${seed})`;
  return table.query(`SELECT ${read.join(', ')} FROM ${table.source}${chosen}`);
}
