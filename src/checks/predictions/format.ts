import { open } from 'node:fs/promises';
import { csvHeader } from './csv-header.ts';
import { type Database, literal, type Row } from './duckdb.ts';
import { shapeProblem } from './json-shape.ts';

/** How the rows of a file are read. */
export interface Source {
  readonly columns: readonly string[];
  /** SQL for the rows, to stand behind FROM. Its columns are those of `columns`. */
  readonly source: string;
}

/** More columns than this are refused. */
export const MAX_COLUMNS = 1000;

/** A first line that is longer has more columns than are read, or is no table. */
const START_BYTES = 1 << 20;
// Every value is text and every setting is said: a sniffer that guesses could read one file in two ways.
const CSV = `header = true, auto_detect = false, compression = 'none', delim = ',', quote = '"', escape = '"', null_padding = false, ignore_errors = false, strict_mode = true, skip = 0, comment = ''`;

/** How other formats begin, as Latin-1, for a message that helps. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['\x1F\x8B', 'compressed with gzip'],
  ['PK\x03\x04', 'a zip archive, such as a spreadsheet'],
  ['\x28\xB5\x2F\xFD', 'compressed with zstd'],
  ['PARE', 'an encrypted Parquet file'],
  ['ARROW1', 'an Arrow file'],
  ['SQLite format 3', 'an SQLite database'],
];

/**
 * Tells Parquet, CSV and JSON lines apart by content, and says how to read the one it is.
 *
 * @throws Error that says what is wrong with the file, from DuckDB or from us.
 */
export async function sourceOf(database: Database, path: string): Promise<Source> {
  const start = await startOf(path);
  const text = start.toString('latin1').replace(/^\xEF\xBB\xBF/, '');
  const refused = REFUSED.find(([mark]) => text.startsWith(mark));
  if (refused !== undefined)
    throw new Error(`${refused[1]}; expected Parquet, CSV or JSON lines as they are`);
  if (text.startsWith('PAR1')) return parquet(database, path);
  if (/^\s*\[/.test(text)) throw new Error('a JSON array; expected JSON lines, one object per line');
  return /^\s*\{/.test(text) ? jsonLines(database, path) : csv(path, start);
}

async function parquet(database: Database, path: string): Promise<Source> {
  const source = `read_parquet(${literal(path)})`;
  // Not by DESCRIBE: DuckDB renames a column that occurs twice.
  const elements = await database.query(
    `SELECT name, CAST(coalesce(num_children, 0) AS INTEGER) AS children FROM parquet_schema(${literal(path)})`,
  );
  return { source, columns: topNames(elements) };
}

/** Names of the columns among a schema's elements, each of which is followed by its children; the first is the root. */
function topNames(elements: readonly Row[]): string[] {
  const names: string[] = [];
  let within = 0;
  for (const { name, children } of elements.slice(1)) {
    if (within === 0) names.push(String(name));
    else within -= 1;
    within += Number(children);
  }
  return names;
}

/** The header is read by us: DuckDB would rename a column that occurs twice. */
function csv(path: string, start: Buffer): Source {
  const end = start.length < START_BYTES ? start.length : start.lastIndexOf('\n') + 1;
  if (end === 0 && start.length > 0) throw new Error(`its first line is longer than ${START_BYTES} bytes`);
  const columns = start.length === 0 ? [] : csvHeader(utf8(start.subarray(0, end)));
  if (columns === undefined)
    throw new Error('its first line has a quote in the wrong place, or one without end');
  return { columns, source: `read_csv(${literal(path)}, ${CSV}, columns = {${asText(columns)}})` };
}

async function jsonLines(database: Database, path: string): Promise<Source> {
  const problem = await shapeProblem(path);
  if (problem !== undefined) throw new Error(problem);
  // A line that says a key twice has no key; one that is no object has none either, and fails when it is read.
  const keysOfLine = 'CASE WHEN len(keys) = len(list_distinct(keys)) THEN keys ELSE [NULL] END';
  const keys = await database.query(
    `SELECT DISTINCT unnest(${keysOfLine}) AS key
     FROM (SELECT json_keys(json) AS keys FROM read_ndjson_objects(${literal(path)}, compression = 'uncompressed'))
     ORDER BY key NULLS FIRST LIMIT ${MAX_COLUMNS + 1}`,
  );
  if (keys[0]?.['key'] === null) throw new Error('a line of JSON has the same key twice');
  const columns = keys.map((row) => String(row['key']));
  const settings = `format = 'newline_delimited', records = true, compression = 'uncompressed', auto_detect = false`;
  return { columns, source: `read_json(${literal(path)}, ${settings}, columns = {${asText(columns)}})` };
}

function asText(columns: readonly string[]): string {
  // Names of more columns than are read would only make the statement long.
  return columns
    .slice(0, MAX_COLUMNS)
    .map((column) => `${literal(column)}: 'VARCHAR'`)
    .join(', ');
}

async function startOf(path: string): Promise<Buffer> {
  await using handle = await open(path, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('its first lines are no UTF-8');
  }
}
