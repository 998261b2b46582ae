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

/**
 * Connects to the database that the environment names, or runs a private one under the data folder.
 * @throws CountersignError `unavailable`; the reason of `interrupted` when it aborts meanwhile. Nothing runs on then
 */
export async function openStorage(
  config: Config,
  progress: (message: string) => void,
  interrupted?: AbortSignal,
): Promise<OpenStorage> {
  await using opening = new AsyncDisposableStack();
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  interrupted?.throwIfAborted();
  const url = config.databaseUrl ?? (await openPrivateDatabase(config, opening, progress));
  interrupted?.throwIfAborted();
  const db = openDatabase(url);
  opening.defer(() => db.destroy());
  await migrateDatabase(db).catch((cause: unknown) => {
    throw new CountersignError('unavailable', `the database cannot be prepared: ${String(cause)}`, { cause });
  });
  const open = opening.move();
  return { db, url, close: () => open.disposeAsync() };
}

async function openPrivateDatabase(
  config: Config,
  opening: AsyncDisposableStack,
  progress: (message: string) => void,
): Promise<string> {
  const postgres = opening.use(
    await startEmbeddedPostgres({ dataDir: config.dataDir, onProgress: progress }),
  );
  await rememberDatabaseUrl(config, postgres);
  return postgres.connectionString;
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
