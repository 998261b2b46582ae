import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { systemCode, USE_YOUR_OWN, unavailable } from './failure.ts';
import { readIfPresent } from './file.ts';
import type { Place } from './place.ts';
import { type Postmaster, readPidFile, stopPostmaster } from './postmaster.ts';
import { CHILD_ENVIRONMENT, until } from './process.ts';

/** What it takes to start a server. */
export interface LaunchPlan {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly account: Account | null;
  /** All but the port. */
  readonly args: readonly string[];
}

/** A server that accepts connections, or why it did not come up though another try may succeed. */
export type Launch =
  | { readonly kind: 'ready'; readonly postmaster: Postmaster }
  | { readonly kind: 'port_taken' | 'already_running' | 'memory_in_use'; readonly log: string };

/** Recovery after a power cut may take a while. */
export const READY_WITHIN_MS = 120_000;

/**
 * Starts the server and waits until it accepts connections.
 * @throws CountersignError `unavailable` with the end of the server's log
 */
export async function launch(plan: LaunchPlan, port: number): Promise<Launch> {
  const child = await spawnServer(plan, port);
  const postmaster = childPostmaster(child);
  const isReady = async () => {
    const file = await readPidFile(plan.place);
    return file?.pid === child.pid && file?.status === 'ready';
  };
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const settled = await until(async () => ended() || (await isReady()), READY_WITHIN_MS);
  if (settled && !ended()) return { kind: 'ready', postmaster };
  await stopPostmaster(postmaster);
  return await explainFailure(plan);
}

/** Spawned in a session of its own, so that Ctrl-C reaches us alone and we stop the server when we are done with it. */
async function spawnServer(plan: LaunchPlan, port: number): Promise<ChildProcess> {
  const log = await open(plan.place.logFile, 'w', 0o600);
  const as = plan.account === null ? {} : { uid: plan.account.uid, gid: plan.account.gid };
  const program = join(plan.binaries.root, 'bin', 'postgres');
  try {
    const child = spawn(program, [...plan.args, '-p', String(port)], {
      ...as,
      cwd: '/',
      detached: true,
      env: CHILD_ENVIRONMENT,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    return child;
  } catch (error) {
    throw unavailable(`${program} could not be run (${systemCode(error) ?? error}); ${USE_YOUR_OWN}`, error);
  } finally {
    await log.close();
  }
}

function childPostmaster(child: ChildProcess): Postmaster {
  const exited = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
  const gone = async (timeoutMs: number) => {
    if (child.exitCode !== null || child.signalCode !== null) return true;
    const timer = new AbortController();
    const late = delay(timeoutMs, false, { signal: timer.signal }).catch(() => false);
    return await Promise.race([exited, late]).finally(() => timer.abort());
  };
  return { pid: child.pid ?? 0, gone };
}

async function explainFailure(plan: LaunchPlan): Promise<Launch> {
  const log = (await readIfPresent(plan.place.logFile)) ?? '';
  if (log.includes('Address already in use')) return { kind: 'port_taken', log };
  if (log.includes('lock file "postmaster.pid" already exists')) return { kind: 'already_running', log };
  if (log.includes('pre-existing shared memory block')) return { kind: 'memory_in_use', log };
  throw startFailed(plan, log);
}

/** The error for a server that did not start, with what it said last. */
export function startFailed(plan: LaunchPlan, log: string): Error {
  const said = log.trim().split('\n').slice(-8).join('\n');
  return unavailable(
    `Postgres did not start; the end of its log ${plan.place.logFile}:\n${said === '' ? '(empty)' : said}`,
  );
}
