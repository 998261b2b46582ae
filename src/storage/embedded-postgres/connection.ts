import pg from 'pg';
import { conflict, systemCode } from './failure.ts';
import { USER } from './password.ts';
import type { Place } from './place.ts';

/** The URL with which a client reaches the server. Holds the password. */
export function connectionStringOf(port: number, password: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * Makes sure that our password opens the server at this port, and that it is the one of our database.
 * @throws an error of the driver, or CountersignError `conflict`
 */
export async function proveConnection(place: Place, port: number, password: string): Promise<void> {
  const client = new pg.Client({
    connectionString: connectionStringOf(port, password),
    connectionTimeoutMillis: 10_000,
    ssl: false,
  });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => refuseWrongPassword(place, error));
  try {
    const { rows } = await client.query("select current_setting('data_directory') as folder");
    if (rows[0]?.folder === place.data) return;
    throw conflict(`port ${port} leads to another database than the one in ${place.data}`);
  } finally {
    await client.end();
  }
}

const INVALID_PASSWORD = '28P01';

function refuseWrongPassword(place: Place, error: unknown): never {
  if (systemCode(error) !== INVALID_PASSWORD) throw error;
  throw conflict(
    `the password in ${place.passwordFile} is not the one of the database in ${place.data}; put the right file back`,
  );
}
