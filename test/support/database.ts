import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll } from 'vitest';
import {
  type Db,
  type EmbeddedPostgres,
  migrateDatabase,
  openDatabase,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/storage/index.ts';

/** A migrated, empty database of a test's own on a real Postgres. */
export interface TestDatabase {
  readonly db: Db;
  readonly connectionString: string;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Server {
  readonly postgres: EmbeddedPostgres;
  readonly folder: string;
}

const TEMPLATE = 'countersign_template';
let server: Promise<Server> | null = null;

/** Makes a database. The server behind it starts with the first one and ends with the test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { connectionString: home } = (await server).postgres;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(home, `create database ${name} template ${TEMPLATE}`);
  const connectionString = urlOf(home, name);
  const db = openDatabase(connectionString);
  const close = async () => {
    await db.destroy();
    await execute(home, `drop database if exists ${name} with (force)`);
  };
  return { db, connectionString, close, [Symbol.asyncDispose]: close };
}

afterAll(async () => {
  if (server === null) return;
  const { postgres, folder } = await server;
  server = null;
  await postgres.stop();
  await removeEmbeddedPostgres(join(folder, 'data'));
  await rm(folder, { recursive: true, force: true });
});

async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  // Whatever user Postgres runs as must be able to walk through.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), durability: 'none' });
  await execute(postgres.connectionString, `create database ${TEMPLATE}`);
  const db = openDatabase(urlOf(postgres.connectionString, TEMPLATE));
  await migrateDatabase(db);
  await db.destroy();
  return { postgres, folder };
}

function urlOf(home: string, database: string): string {
  const url = new URL(home);
  url.pathname = `/${database}`;
  return url.href;
}

async function execute(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
