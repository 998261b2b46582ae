import { type Parsed, type Problem, parsed, unparsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { type OpenFile, openEvidence, openUnverified } from '../evidence/file.ts';
import { quoted } from '../report.ts';
import { type Database, openDatabase } from './duckdb.ts';
import { MAX_COLUMNS, type Source, sourceOf } from './format.ts';

/** A table of evidence: Parquet, CSV or JSON lines, told apart by content. */
export interface Table extends Source {
  query: Database['query'];
  close(): Promise<void>;
}

/**
 * Opens a table of evidence in a locked-down DuckDB. Whatever DuckDB says against the file is a problem.
 *
 * @throws CountersignError `digest_mismatch` when the bytes are not those that were submitted.
 */
export async function openTable(name: string, file: CheckFile): Promise<Parsed<Table>> {
  const opened = await openEvidence(file);
  return openWithin(name, opened, 'ordered');
}

/**
 * Works on a table of evidence while its file is being hashed, and closes it. Nothing that `work` found is given
 * back before the bytes have proved to be those that were submitted.
 *
 * @throws CountersignError `digest_mismatch` when they are not, whatever `work` did.
 */
export async function withTable<T>(
  name: string,
  file: CheckFile,
  sums: 'exact' | 'ordered',
  work: (table: Table) => Promise<Parsed<T>>,
): Promise<Parsed<T>> {
  const opened = await openUnverified(file);
  const table = await openWithin(name, opened, sums, opened.verified);
  if (!table.ok) return table;
  try {
    const [result] = await Promise.allSettled([work(table.value)]);
    await opened.verified;
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  } finally {
    await table.value.close();
  }
}

/** Closes the file when it holds no table, once nobody hashes it any more. */
async function openWithin(
  name: string,
  opened: OpenFile,
  sums: 'exact' | 'ordered',
  verified: Promise<void> = Promise.resolve(),
): Promise<Parsed<Table>> {
  const database = await openDatabase(opened.path, sums);
  const close = async () => {
    database.close();
    await verified.catch(() => undefined);
    await opened.close();
  };
  const refuse = async (problems: readonly Problem[]) => {
    await close();
    await verified;
    return unparsed(problems);
  };
  try {
    const { columns, source } = await sourceOf(database, opened.path);
    const problems = columnProblems(name, columns);
    if (problems.length > 0) return refuse(problems);
    return parsed({ columns, source, query: database.query, close });
  } catch (error) {
    return refuse([{ where: name, message: `cannot be read: ${reasonOf(error)}` }]);
  }
}

function columnProblems(name: string, columns: readonly string[]): Problem[] {
  if (columns.length === 0) return [{ where: name, message: 'has no columns' }];
  if (columns.length > MAX_COLUMNS) return [{ where: name, message: `has more than ${MAX_COLUMNS} columns` }];
  const folded = columns.map((column) => column.toLowerCase());
  const repeated = columns.filter((_, index) => folded.indexOf(folded[index] ?? '') !== index);
  return [
    ...(columns.includes('') ? [{ where: name, message: 'has a column without a name' }] : []),
    ...repeated.map((column) => ({ where: name, message: `has the column ${quoted(column)} twice` })),
  ];
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
    .replace(/(?:\bfile )?['"]?(?<![\w])\/[^\s'"]*['"]?/g, 'the file')
    .slice(0, 300);
}
