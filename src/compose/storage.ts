import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import { CountersignError } from '../domain/index.ts';
import type { BaseContext } from '../services/index.ts';
import {
  type EmbeddedPostgres,
  migrateDatabase,
  openDatabase,
  startEmbeddedPostgres,
} from '../storage/index.ts';

/** The open database, and where it is. */
export interface OpenStorage {
  readonly db: BaseContext['db'];
  readonly url: string;
  close(): Promise<void>;
}

/** Connects to the database that the environment names, or runs a private one under the data folder. */
export async function openStorage(config: Config, progress: (message: string) => void): Promise<OpenStorage> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, onProgress: progress })
      : null;
  const url = embedded?.connectionString ?? config.databaseUrl ?? '';
  if (embedded !== null) await rememberDatabaseUrl(config, embedded);
  const db = openDatabase(url);
  const close = async () => {
    await db.destroy();
    await embedded?.stop();
  };
  try {
    await migrateDatabase(db);
  } catch (cause) {
    await close();
    throw new CountersignError('unavailable', `the database cannot be prepared: ${String(cause)}`, { cause });
  }
  return { db, url, close };
}

/** Where the address of the private database is left, for this machine's operator. */
export function databaseUrlFile(config: Config): string {
  return join(config.dataDir, 'database-url');
}

/** Lets an operator's command on this machine reach the private database of a service that is running. */
async function rememberDatabaseUrl(config: Config, { connectionString }: EmbeddedPostgres): Promise<void> {
  await writeFile(databaseUrlFile(config), connectionString, { mode: 0o600 });
  await chmod(databaseUrlFile(config), 0o600);
}
