import { spawn } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';

/** Node's own variable for the folder in which it keeps compiled code. */
const VARIABLE = 'NODE_COMPILE_CACHE';

/** What a process needs to use a cache of compiled code: starting one takes most of a short check's time. */
export function cacheEnvironment(folder: string | undefined): Readonly<Record<string, string>> {
  return folder === undefined ? {} : { [VARIABLE]: folder };
}

/** The folder, made if it was not there; undefined where it cannot be had, as on a read-only file system. */
export async function usableCache(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * Fills the cache by running a program once that imports our code, outside the sandbox and without any evidence. The checks' processes
 * only read it; Node discards entries whose source has changed. A failure costs time and nothing else.
 */
export function fillCache(node: string, warm: string, folder: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const child = spawn(node, ['--no-warnings', warm], {
    stdio: 'ignore',
    env: cacheEnvironment(folder),
    cwd: '/',
  });
  child.once('error', () => resolve());
  child.once('exit', () => resolve());
  return promise;
}
