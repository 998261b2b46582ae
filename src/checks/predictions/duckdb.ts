import { availableParallelism } from 'node:os';
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** A row by column name, as JavaScript values; counts and sums are asked for as DOUBLE. */
export type Row = Readonly<Record<string, DuckDBValue>>;

/** A database in memory that can read one file and nothing else. */
export interface Database {
  query(sql: string, values?: readonly (string | number)[]): Promise<readonly Row[]>;
  close(): void;
}

/** Above four, the buffers that each thread holds cost more than the threads gain. */
const MOST_THREADS = 4;

/**
 * Opens an in-memory DuckDB that may read `path` and nothing else: no other file, no network, no extension,
 * no spilling to disk, and no way to undo it. The order of the settings matters.
 *
 * @param sums `exact` where all sums are of whole numbers; `ordered` where they are not: one thread then, so that
 *   sums of fractions always come out the same.
 */
export async function openDatabase(path: string, sums: 'exact' | 'ordered' = 'ordered'): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    threads: String(sums === 'exact' ? Math.min(availableParallelism(), MOST_THREADS) : 1),
    memory_limit: '384MB',
    max_temp_directory_size: '0B',
    temp_directory: '',
  });
  const connection = await instance.connect();
  await connection.run(`SET allowed_paths = [${literal(path)}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return {
    async query(sql, values = []) {
      const reader = await connection.runAndReadAll(sql, [...values]);
      return reader.getRowObjectsJS() as readonly Row[];
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A name as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
