import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import { type Db, openDatabase } from '../../src/storage/index.ts';

/** Surfaces, each with a database role of its own. */
export const SURFACES = ['api', 'queue', 'bot', 'monitor', 'fetcher'] as const;
export type Surface = (typeof SURFACES)[number];

const PASSWORD = 'of-the-test';

/**
 * Makes the surfaces' roles, once for the server: roles belong to no database. Their passwords, and that of the owner, are
 * hashed once: whoever connects hashes as often as was done when the password was set, which is 4096 times unless told.
 */
export async function makeRoles(db: Db, address: string): Promise<void> {
  const owner = new URL(address);
  await db.connection().execute(async (one) => {
    await sql`set scram_iterations to 1`.execute(one);
    await sql.raw(`alter role "${owner.username}" password '${owner.password}'`).execute(one);
    for (const surface of SURFACES)
      await sql.raw(`create role countersign_${surface} login password '${PASSWORD}'`).execute(one);
    await sql`reset scram_iterations`.execute(one);
  });
}

/** A migrated database of a test's own. */
export interface TestDatabase extends AsyncDisposable {
  readonly db: Db;
  readonly connectionString: string;
  /** The database as the role of a surface has it. */
  as(surface: Surface): Db;
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
  const roles = new Map<Surface, Db>();
  const close = async () => {
    await Promise.all([db, ...roles.values()].map((pool) => pool.destroy()));
    await onServer(`drop database if exists ${name} with (force)`);
  };
  const as = (surface: Surface): Db => {
    const open = roles.get(surface) ?? openDatabase(urlAs(url, surface));
    roles.set(surface, open);
    return open;
  };
  return { db, connectionString, as, close, [Symbol.asyncDispose]: close };
}

/** The address of a database for the role of a surface. */
export function urlAs(address: string | URL, surface: Surface): string {
  return Object.assign(new URL(address), {
    username: `countersign_${surface}`,
    password: PASSWORD,
  }).toString();
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
