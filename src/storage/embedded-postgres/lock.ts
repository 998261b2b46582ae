import { randomUUID } from 'node:crypto';
import { link, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conflict, systemCode } from './failure.ts';
import { absent, readIfPresent } from './file.ts';
import { incarnation } from './process.ts';

/** The right to work on a home, until released. */
export interface Lock {
  release(): Promise<void>;
}

const FREE = 'free';
const TEMPORARY = 'lock.new-';

/**
 * Takes the lock of a folder, also from a holder that died without releasing it.
 *
 * The lock is the file `lock.N` with the highest N; it names its holder or says that it is free. Whoever finds it
 * free, or its holder dead, makes `lock.N+1`: only one can, and numbers never go back, so that two who find the same
 * dead holder cannot both win, and a slow one that comes too late sees a higher number.
 * @throws CountersignError `conflict` naming the process that holds it
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const holder = `${process.pid} ${await incarnation(process.pid)}`;
  for (;;) {
    const before = await highest(folder);
    if (before.holder === null) continue;
    await refuseLivingHolder(folder, before.holder);
    const mine = before.number + 1;
    if (!(await claim(folder, mine, holder))) continue;
    if ((await highest(folder)).number === mine) {
      await removeLower(folder, mine);
      return { release: () => free(folder, mine) };
    }
    await rm(name(folder, mine), { force: true });
  }
}

const name = (folder: string, number: number): string => join(folder, `lock.${number}`);

async function numbers(folder: string): Promise<readonly number[]> {
  const entries = await readdir(folder);
  return entries.map((entry) => Number(/^lock\.(\d+)$/.exec(entry)?.[1] ?? 0)).filter((n) => n > 0);
}

/** The lock in force; its holder is null when the file went away while we looked. */
async function highest(folder: string): Promise<{ number: number; holder: string | null }> {
  const number = Math.max(0, ...(await numbers(folder)));
  return { number, holder: number === 0 ? FREE : await readIfPresent(name(folder, number)) };
}

async function refuseLivingHolder(folder: string, holder: string): Promise<void> {
  if (holder === FREE) return;
  const space = holder.indexOf(' ');
  const pid = Number(holder.slice(0, space));
  if ((await incarnation(pid)) !== holder.slice(space + 1)) return;
  const who = pid === process.pid ? 'this process itself' : `process ${pid}`;
  throw conflict(
    `the database in ${folder} is in use by ${who}; stop that Countersign first, or choose another data folder`,
  );
}

/** Makes the lock file with its text in one step; false when somebody else was first. */
async function claim(folder: string, number: number, holder: string): Promise<boolean> {
  const temporary = await temporaryWith(folder, holder);
  try {
    await link(temporary, name(folder, number));
    return true;
  } catch (error) {
    // ENOENT: the winner tidied our temporary file away.
    if (['EEXIST', 'ENOENT'].includes(systemCode(error) ?? '')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function temporaryWith(folder: string, text: string): Promise<string> {
  const path = join(folder, `${TEMPORARY}${randomUUID()}`);
  await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  return path;
}

/** Frees the lock but keeps its number, which must never be used again. A folder that was removed has no lock. */
async function free(folder: string, number: number): Promise<void> {
  await temporaryWith(folder, FREE)
    .then((temporary) => rename(temporary, name(folder, number)))
    .catch(absent);
}

async function removeLower(folder: string, number: number): Promise<void> {
  const lower = (await numbers(folder)).filter((n) => n < number).map((n) => name(folder, n));
  const temporary = (await readdir(folder)).filter((entry) => entry.startsWith(TEMPORARY));
  const paths = [...lower, ...temporary.map((entry) => join(folder, entry))];
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
