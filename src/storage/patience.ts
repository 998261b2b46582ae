import type { Socket } from 'node:net';
import type pg from 'pg';

/** That the database fell silent in the middle of a statement: nobody knows whether it was done. */
export class UnansweredError extends Error {
  constructor(milliseconds: number) {
    super(`the database has not answered for ${milliseconds} ms`);
  }
}

/** Whether an error says that the database does not answer, be it in the middle of a statement or to a new connection. */
export function isSilence(error: unknown): error is Error {
  return error instanceof UnansweredError || (error instanceof Error && CONNECT_TIMEOUT.test(error.message));
}

/** The pool has no class or code for it. */
const CONNECT_TIMEOUT = /timeout exceeded when trying to connect|due to connection timeout/;

/**
 * Breaks off each connection of a pool that is in use and says nothing for so many milliseconds, as one does whose server
 * is gone: the system would wait for a quarter of an hour, and everything behind it. Its statement fails with an
 * `UnansweredError`; the next one is given another connection. Only for pools whose statements are short and whose
 * connections nobody keeps.
 */
export function breakOffSilent(pool: pg.Pool, milliseconds: number): void {
  pool.on('connect', (client) => {
    const socket = socketOf(client);
    socket.on('timeout', () => socket.destroy(new UnansweredError(milliseconds)));
  });
  pool.on('acquire', (client) => socketOf(client).setTimeout(milliseconds));
  pool.on('release', (_, client) => socketOf(client).setTimeout(0));
}

/** The types of `pg` leave out what its clients have had since ever. */
function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;
}
