import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Db, openDatabase } from '../../src/storage/index.ts';

/** A migrated database of a test's own. */
export interface TestDatabase extends AsyncDisposable {
  readonly db: Db;
  readonly connectionString: string;
  close(): Promise<void>;
}

/** Clones the migrated template; takes some tens of milliseconds. Close it, or write `await using`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${name} template postgres strategy file_copy`);
  const url = new URL(inject('databaseServer'));
  url.pathname = `/${name}`;
  const connectionString = url.toString();
  const db = openDatabase(connectionString);
  const close = async () => {
    await db.destroy();
    await onServer(`drop database if exists ${name} with (force)`);
  };
  return { db, connectionString, close, [Symbol.asyncDispose]: close };
}

let maker: Promise<pg.Client> | undefined;

async function onServer(statement: string): Promise<void> {
  maker ??= connect();
  await (await maker).query(statement);
}

/**
 * One connection as long as this process lives: to open one costs as much as to drop a database. To `template1`, for a
 * template cannot be cloned while somebody is connected to it. The kernel copies its files: to have Postgres read and write
 * their pages, as it does unless told, takes most of many tests' time.
 */
async function connect(): Promise<pg.Client> {
  const url = new URL(inject('databaseServer'));
  url.pathname = '/template1';
  const client = new pg.Client({
    connectionString: url.toString(),
    options: '-c file_copy_method=clone',
  });
  await client.connect();
  // The server may end before this process does.
  client.on('error', () => {});
  return client;
}
