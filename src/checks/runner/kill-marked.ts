import { readdir, readFile } from 'node:fs/promises';

/** Rounds in which new processes were found, after which we give up on what forks faster than we look. */
const MAX_ROUNDS = 20;

/**
 * Kills every process that has a value somewhere in the environment with which it was started: what left its group and
 * its parent, as daemons do, still has that. Finds nothing where there is no /proc, nor what wiped its environment.
 */
export async function killMarked(mark: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = await marked(mark);
    for (const pid of found) killOne(pid);
    if (found.length === 0) return;
  }
}

async function marked(mark: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const ids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const checked = ids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0));
    return environment.includes(mark) ? pid : null;
  });
  return (await Promise.all(checked)).filter((pid) => pid !== null);
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
