import { open } from 'node:fs/promises';
import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { openEvidence } from '../evidence/file.ts';
import { quoted } from '../report.ts';
import { type Database, literal, openDatabase } from './duckdb.ts';
import { isDeeperThan } from './json-depth.ts';

/** A table of evidence: Parquet, CSV or JSON lines, told apart by content. */
export interface Table {
  readonly columns: readonly string[];
  /** SQL for the rows, to stand behind FROM. Its columns are those of `columns`. */
  readonly source: string;
  query: Database['query'];
  close(): Promise<void>;
}

const MAX_COLUMNS = 1000;
const MAX_DEPTH = 16;
const PARQUET = 'PAR1';
// Every value is text and every setting is said: a sniffer that guesses could read one file in two ways.
const CSV = `all_varchar = true, header = false, delim = ',', quote = '"', escape = '"', null_padding = false, ignore_errors = false, strict_mode = true, skip = 0, comment = ''`;

/**
 * Opens a table of evidence in a locked-down DuckDB. Whatever DuckDB says against the file is a problem.
 *
 * @throws CountersignError `digest_mismatch` when the bytes are not those that were submitted.
 */
export async function openTable(name: string, file: CheckFile): Promise<Parsed<Table>> {
  const opened = await openEvidence(file);
  const database = await openDatabase(opened.path);
  const close = async () => {
    database.close();
    await opened.close();
  };
  try {
    const { columns, source } = await inspect(database, opened.path, await startOf(opened.path));
    const problems = columnProblems(name, columns);
    if (problems.length === 0) return parsed({ columns, source, query: database.query, close });
    await close();
    return unparsed(problems);
  } catch (error) {
    await close();
    return unparsed([{ where: name, message: `cannot be read: ${reasonOf(error)}` }]);
  }
}

interface Source {
  readonly columns: readonly string[];
  readonly source: string;
}

async function inspect(database: Database, path: string, start: string): Promise<Source> {
  if (start.startsWith(PARQUET)) return parquet(database, path);
  if (/^\s*\[/.test(start)) throw new Error('a JSON array; expected JSON lines, one object per line');
  return /^\s*\{/.test(start) ? jsonLines(database, path) : csv(database, path);
}

async function parquet(database: Database, path: string): Promise<Source> {
  const source = `read_parquet(${literal(path)})`;
  const described = await database.query(`DESCRIBE SELECT * FROM ${source}`);
  return { source, columns: described.map((row) => String(row['column_name'])) };
}

/** The header is read as a row, so that a name that occurs twice is seen rather than renamed. */
async function csv(database: Database, path: string): Promise<Source> {
  const all = `read_csv(${literal(path)}, ${CSV})`;
  const header = (await database.query(`SELECT * FROM ${all} LIMIT 1`))[0] ?? {};
  const columns = Object.values(header).map((value) => (value === null ? '' : String(value)));
  const typed = columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(', ');
  const settings = CSV.replace('all_varchar = true, header = false', 'header = true, auto_detect = false');
  return { columns, source: `read_csv(${literal(path)}, ${settings}, columns = {${typed}})` };
}

async function jsonLines(database: Database, path: string): Promise<Source> {
  if (await isDeeperThan(path, MAX_DEPTH)) throw new Error(`JSON nested deeper than ${MAX_DEPTH} levels`);
  const objects = `read_ndjson_objects(${literal(path)})`;
  const keys = await database.query(
    `SELECT DISTINCT unnest(json_keys(json)) AS key FROM ${objects} ORDER BY key LIMIT ${MAX_COLUMNS + 1}`,
  );
  const columns = keys.map((row) => String(row['key']));
  const typed = columns.map((column) => `${literal(column)}: 'VARCHAR'`).join(', ');
  return {
    columns,
    source: `read_json(${literal(path)}, format = 'newline_delimited', columns = {${typed}})`,
  };
}

function columnProblems(name: string, columns: readonly string[]) {
  const folded = columns.map((column) => column.toLowerCase());
  const repeated = columns.filter((_, index) => folded.indexOf(folded[index] ?? '') !== index);
  return [
    ...(columns.length === 0 ? [{ where: name, message: 'has no columns' }] : []),
    ...(columns.length > MAX_COLUMNS
      ? [{ where: name, message: `has more than ${MAX_COLUMNS} columns` }]
      : []),
    ...(columns.includes('') ? [{ where: name, message: 'has a column without a name' }] : []),
    ...repeated.map((column) => ({ where: name, message: `has the column ${quoted(column)} twice` })),
  ];
}

async function startOf(path: string): Promise<string> {
  await using handle = await open(path, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
  return buffer.subarray(0, bytesRead).toString('latin1');
}

/** DuckDB's words without paths, hints and quoted rows, which differ from machine to machine or are not ours to repeat. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:Original Line|Possible|\*|LINE| +\^)/.test(line));
  return lines
    .slice(0, 2)
    .join(', ')
    .replace(/['"]?\/[^\s'"]*['"]?/g, 'the file')
    .slice(0, 300);
}
