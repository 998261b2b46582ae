import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { TestProject } from 'vitest/node';
import {
  type Db,
  grantSurfaces,
  migrateDatabase,
  openDatabase,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/storage/index.ts';
import { bundleInto } from './bundle.ts';
import { makeRoles } from './database.ts';
import { moveToMemory } from './memory-tablespace.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** One real Postgres for all test files; its `postgres` database is migrated and serves as the template. */
    databaseServer: string;
    /** A folder that lasts as long as this run: a bundle of our code, what was compiled, and what one test file found out for all. */
    runFolder: string;
  }
}

/** The clock of the database cannot be set: what is of that alone makes the function anew with `ledgerClock.up`. */
async function letTestsSetTheTime(db: Db): Promise<void> {
  await sql`create or replace function countersign.is_now(at timestamptz) returns boolean language sql
    as 'select true'`.execute(db);
}

/** Starts the one Postgres that all test files share; each test gets a database of its own in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir, durability: 'none' });
  const db = openDatabase(postgres.connectionString);
  await migrateDatabase(db);
  await makeRoles(db, postgres.connectionString);
  await grantSurfaces(db);
  await letTestsSetTheTime(db);
  await db.destroy();
  const emptyMemory = await moveToMemory(postgres.connectionString);
  project.provide('databaseServer', postgres.connectionString);
  const runFolder = await mkdtemp(join(tmpdir(), 'countersign-run-'));
  await bundleInto(join(runFolder, 'bundle'));
  project.provide('runFolder', runFolder);
  return async () => {
    await postgres.stop();
    await removeEmbeddedPostgres(dataDir);
    await emptyMemory();
    for (const folder of [dataDir, runFolder]) await rm(folder, { recursive: true, force: true });
  };
}
