import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/storage/embedded-postgres/index.ts';
import { placeOf } from '../../src/storage/embedded-postgres/place.ts';
import type { ChildReport } from './embedded-postgres-child.ts';

export const IS_ROOT = process.getuid?.() === 0;

/** A place for the data folders of one test file. */
export interface Scratch {
  readonly path: string;
  /** A data folder with the table `kept` for tests that leave it as they found it; its Postgres is stopped. */
  readonly shared: string;
  /** A data folder of its own for a test. */
  newDataDir(name: string): string;
  /** A data folder that was used: its Postgres is stopped, its table `kept` holds the one row 1. */
  usedDataDir(name: string): Promise<string>;
  /** Removes the data folders and what they stand for. */
  remove(): Promise<void>;
}

export async function openScratch(): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), 'countersign-postgres-'));
  // Whatever user Postgres runs as must be able to walk through.
  await chmod(path, 0o755);
  const dataDirs: string[] = [];
  const newDataDir = (name: string) => {
    dataDirs.push(join(path, name));
    return join(path, name);
  };
  const usedDataDir = async (name: string) => {
    const dataDir = newDataDir(name);
    await using postgres = await start(dataDir);
    await query(postgres, 'create table kept as select 1 as value');
    return dataDir;
  };
  const remove = () => removeAll(path, dataDirs);
  return { path, shared: await usedDataDir('shared'), newDataDir, usedDataDir, remove };
}

async function removeAll(path: string, dataDirs: readonly string[]): Promise<void> {
  const removals = [];
  for (const dataDir of dataDirs)
    removals.push(...(await Promise.allSettled([removeEmbeddedPostgres(dataDir)])));
  await rm(path, { recursive: true, force: true });
  const failed = removals.find((removal) => removal.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Starts the Postgres of a data folder, fast unless told otherwise. */
export const start = (
  dataDir: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir, durability: 'none', ...options });

/** What the table `kept` of a used data folder holds. */
export const kept = [{ value: 1 }];
export const selectKept = 'select value from kept';

/** Runs one statement and returns its rows. */
export async function query(
  server: Pick<EmbeddedPostgres, 'connectionString'>,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The pid of the server that runs on a data folder. */
export async function serverPid(dataDir: string): Promise<number> {
  const { data } = await placeOf(dataDir);
  return Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10);
}

/** An embedded Postgres held by another process of ours. */
export interface Child {
  readonly process: ChildProcess;
  /** The next report of the child. */
  next(): Promise<ChildReport>;
}

/** Starts that process, as another user if asked to. */
export function forkChild(dataDir: string, user: { uid?: number; gid?: number } = {}): Child {
  const script = fileURLToPath(new URL('embedded-postgres-child.ts', import.meta.url));
  const child = fork(script, [dataDir], {
    ...user,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const next = async (): Promise<ChildReport> => {
    const [first] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [undefined])]);
    return (
      (first as ChildReport | undefined) ?? { kind: 'refused', message: 'the process ended without a word' }
    );
  };
  return { process: child, next };
}

/** Kills the process so that it can do nothing more, and waits until it is gone. */
export async function killNow(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
