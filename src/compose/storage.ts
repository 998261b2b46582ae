import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config/index.ts';
import { CountersignError } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import type { BaseContext } from '../services/index.ts';
import {
  type AppendMemory,
  databaseFacts,
  type EmbeddedPostgres,
  grantSurfaces,
  isMigrated,
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
 *
 * @param memory where it is remembered what is appended to the ledger
 * @throws CountersignError `unavailable`; the reason of `interrupted` when it aborts meanwhile. Nothing runs on then
 */
export async function openStorage(
  config: Config,
  progress: (message: string) => void,
  interrupted?: AbortSignal,
  memory: AppendMemory | null = null,
): Promise<OpenStorage> {
  await using opening = new AsyncDisposableStack();
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  interrupted?.throwIfAborted();
  const url = config.databaseUrl ?? (await openPrivateDatabase(config, opening, progress));
  interrupted?.throwIfAborted();
  const db = openDatabase(url, { memory });
  opening.defer(() => db.destroy());
  await prepare(db, progress, interrupted).catch((cause: unknown) => {
    interrupted?.throwIfAborted();
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError('unavailable', `the database cannot be prepared: ${String(cause)}`, { cause });
  });
  const open = opening.move();
  return { db, url, close: () => open.disposeAsync() };
}

const PATIENCE = 60;

/** The owner of the tables brings them up to date; a role of a surface waits until that was done. */
async function prepare(
  db: OpenStorage['db'],
  progress: (message: string) => void,
  interrupted?: AbortSignal,
): Promise<void> {
  if ((await databaseFacts(db)).mayCreate) {
    await migrateDatabase(db);
    await grantSurfaces(db);
    return;
  }
  for (let round = 0; round < PATIENCE; round++) {
    if (await isMigrated(db)) return;
    if (round === 0) progress('waiting for the owner of the database: countersign migrate');
    await pause(SECOND, undefined, interrupted === undefined ? {} : { signal: interrupted });
  }
  throw new CountersignError(
    'unavailable',
    'the database is not as this release needs it, and this account may not change it: run countersign migrate as the owner of the tables',
  );
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
