import { openAccount } from './account.ts';
import { findBinaryPackage } from './binaries.ts';
import { asUnavailable, USE_YOUR_OWN, unavailable } from './failure.ts';
import { acquireLock, type Lock } from './lock.ts';
import { openPlace } from './place.ts';
import { freePort } from './port.ts';
import { stopPostmaster } from './postmaster.ts';
import { planServer, type Server, type Surroundings, serve } from './serve.ts';
import type { Durability } from './settings.ts';

/** A private Postgres server that belongs to this process. */
export interface EmbeddedPostgres {
  /** The URL for a Postgres client, with the password: never print it. */
  readonly connectionString: string;
  /** Stops the server and waits until it is gone; may be called more than once. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Which Postgres to start, and how. */
export interface EmbeddedPostgresOptions {
  /** The data folder; made if missing. As root the database lies elsewhere, see `removeEmbeddedPostgres`. */
  readonly dataDir: string;
  /** `full` unless given. */
  readonly durability?: Durability;
  /** Told in words what is being done. */
  readonly onProgress?: (message: string) => void;
}

/**
 * Starts the Postgres of a data folder, or takes over the one that a killed process left running.
 * @throws CountersignError `conflict` when the database is in use or does not fit, `unavailable` when Postgres cannot
 * run here
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return await startIn({ findBinaryPackage, freePort }, options);
}

/** `startEmbeddedPostgres` with given surroundings. */
export async function startIn(
  surroundings: Surroundings,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  try {
    refuseWindows();
    const place = await openPlace(options.dataDir);
    const account = await openAccount(place);
    const lock = await acquireLock(place.home);
    try {
      const { durability = 'full', onProgress = () => undefined } = options;
      return handle(
        await serve(await planServer(surroundings, { place, account, durability, onProgress })),
        lock,
      );
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw asUnavailable(
      error,
      `the embedded Postgres could not be started (make it possible, ${USE_YOUR_OWN})`,
    );
  }
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  throw unavailable(`there is no embedded Postgres on Windows; run Countersign in WSL, ${USE_YOUR_OWN}`);
}

function handle(server: Server, lock: Lock): EmbeddedPostgres {
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopPostmaster(server.postmaster).then(() => lock.release());
    return stopped;
  };
  return { connectionString: server.connectionString, stop, [Symbol.asyncDispose]: stop };
}
