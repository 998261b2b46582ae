import { join } from 'node:path';
import type { Account } from './account.ts';
import { conflict } from './failure.ts';
import { readIfPresent, writePrivately } from './file.ts';
import type { Place } from './place.ts';
import { commandOf, incarnation, signal, until } from './process.ts';
import { SERVER_NAME } from './settings.ts';

/** A Postgres server process of ours. */
export interface Postmaster {
  readonly pid: number;
  /** True once the process has ended, false if it has not after that many milliseconds. */
  readonly gone: (timeoutMs: number) => Promise<boolean>;
}

/** What a server writes about itself into its database folder. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `stopping`; empty before the server knows. */
  readonly status: string;
}

const pidFileOf = (place: Place): string => join(place.data, 'postmaster.pid');

/** Reads the pid file of the database; null when there is none, or none that names a process. */
export async function readPidFile(place: Place): Promise<PidFile | null> {
  const lines = ((await readIfPresent(pidFileOf(place))) ?? '').split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (Number.isNaN(pid) || pid === 0) return null;
  // A Postgres in single-user mode writes its pid negated.
  return { pid: Math.abs(pid), port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

/** A server of ours that an earlier process of ours left running. */
export interface Orphan extends Postmaster {
  /** Its command line. */
  readonly command: string;
}

/** A process that is killed loses its command line before it is gone: for so many milliseconds at most. */
const DYING = 2_000;

/**
 * Finds the server that runs on this database, if it is one that we started. A pid file may be left over and its pid
 * belong to some other program by now: that one is never touched, and the file is made harmless.
 * @throws CountersignError `conflict` when somebody else's Postgres works on the database
 */
export async function findOrphan(place: Place, account: Account | null): Promise<Orphan | null> {
  const file = await readPidFile(place);
  const born = file === null ? null : await incarnation(file.pid);
  if (file === null || born === null) return null;
  const command = await commandOf(file.pid);
  const isGone = async () => (await incarnation(file.pid)) !== born;
  if (command === null && (await until(isGone, DYING))) return null;
  if (command !== null && isOurs(command, place)) {
    const gone = (timeoutMs: number) => until(isGone, timeoutMs);
    return { pid: file.pid, command, gone };
  }
  if (command === null || command.includes(place.data)) {
    throw conflict(
      `process ${file.pid} works on the database in ${place.data}, but Countersign did not start it; end it first`,
    );
  }
  await disownPidFile(place, account);
  return null;
}

function isOurs(command: string, place: Place): boolean {
  return command.includes(`/postgres -D ${place.data} -c cluster_name=${SERVER_NAME}-`);
}

/**
 * Makes Postgres ignore a pid file whose pid now belongs to a stranger; it would refuse to start if the stranger has
 * the same user. The file must stay: Postgres still reads from it whether somebody uses the shared memory of the
 * server before. It never takes its own parent, which is us, for a running server.
 */
async function disownPidFile(place: Place, account: Account | null): Promise<void> {
  const text = (await readIfPresent(pidFileOf(place))) ?? '';
  await writePrivately(pidFileOf(place), text.replace(/^.*/, String(process.pid)), account);
}

const STEPS = [
  // Fast shutdown: ends all connections and writes everything; then without writing, then the hard way.
  ['SIGINT', 10_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 5_000],
] as const;

/** Stops the server and waits until it is gone. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  for (const [name, timeoutMs] of STEPS) {
    if (await postmaster.gone(0)) return;
    signal(postmaster.pid, name);
    if (await postmaster.gone(timeoutMs)) return;
  }
  throw conflict(`Postgres (process ${postmaster.pid}) does not end; end it by hand`);
}
