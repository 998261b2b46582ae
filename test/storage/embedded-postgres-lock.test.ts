import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../src/storage/embedded-postgres/lock.ts';
import { incarnation } from '../../src/storage/embedded-postgres/process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function winners(attempts: number): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: attempts }, () => acquireLock(folder)));
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
  }
  return results.filter((result) => result.status === 'fulfilled').length;
}

/** A process that has ended, and what told it from others. */
async function deadHolder(): Promise<string> {
  const child = spawn('sleep', ['600']);
  await once(child, 'spawn');
  const holder = `${child.pid} ${await incarnation(child.pid ?? 0)}`;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  return holder;
}

test('is held by one at a time and can be taken again after its release', async () => {
  for (let round = 0; round < 3; round += 1) {
    const lock = await acquireLock(folder);
    await expect(acquireLock(folder)).rejects.toMatchObject({ code: 'conflict' });
    await lock.release();
  }
  expect(await readdir(folder)).toEqual(['lock.3']);
});

test('of many who want a free lock, exactly one gets it', async () => {
  expect(await winners(20)).toBe(1);
});

test('of many who find the same dead holder, exactly one gets its lock', async () => {
  await writeFile(join(folder, 'lock.4'), await deadHolder());
  expect(await winners(20)).toBe(1);
  expect(await readFile(join(folder, 'lock.5'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  expect((await readdir(folder)).filter((name) => /^lock\.\d+$/.test(name))).toEqual(['lock.5']);
});

test('a living process with the pid of the dead holder does not hold it', async () => {
  await writeFile(join(folder, 'lock.1'), `${process.pid} another-boot:1`);
  const lock = await acquireLock(folder);
  await lock.release();
  expect(await readFile(join(folder, 'lock.2'), 'utf8')).toBe('free');
});

test('its release after the folder was removed does nothing', async () => {
  const lock = await acquireLock(folder);
  await rm(folder, { recursive: true });
  await lock.release();
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
});
