import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readIfPresent } from './file.ts';

/** Everything our child processes get to see of the environment: none of ours, so no secret either. */
export const CHILD_ENVIRONMENT = {
  LC_ALL: 'C',
  TZ: 'UTC',
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
};

/** Runs a small system tool to its end and returns what it printed. */
export async function output(tool: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(tool, [...args], { env: CHILD_ENVIRONMENT })).stdout;
}

/**
 * What tells this incarnation of a pid from a later process with the same pid: boot and start time. Null when no
 * such process runs; one that ended and only waits for its parent to notice counts as gone.
 */
export async function incarnation(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? await linuxIncarnation(pid) : await otherIncarnation(pid);
}

async function linuxIncarnation(pid: number): Promise<string | null> {
  const stat = await readProcess(pid, 'stat');
  if (stat === null) return null;
  // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  if (state === 'Z' || state === 'X') return null;
  const boot = (await readIfPresent('/proc/sys/kernel/random/boot_id')) ?? '';
  return `${boot.trim()}:${fields[19] ?? ''}`;
}

async function otherIncarnation(pid: number): Promise<string | null> {
  const line = (await output('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => '')).trim();
  if (line === '' || line.startsWith('Z')) return null;
  return line.replace(/^\S+\s+/, '');
}

/** The command line of a running process, its words separated by spaces; null when it is gone or hidden from us. */
export async function commandOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') {
    const line = await output('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => '');
    return line.trim() === '' ? null : line.trim();
  }
  const words = await readProcess(pid, 'cmdline');
  return words === null || words === '' ? null : words.replace(/\0$/, '').replaceAll('\0', ' ');
}

/** A file of /proc; any failure to read it means that the process is gone or hidden. */
async function readProcess(pid: number, name: string): Promise<string | null> {
  return await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => null);
}

/** Sends a signal; a process that is already gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Asks again and again until the answer is yes (true) or the time is over (false). */
export async function until(
  condition: () => Promise<boolean> | boolean,
  timeoutMs: number,
  everyMs = 15,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await delay(everyMs);
  }
  return true;
}
