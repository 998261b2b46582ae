import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAccount } from '../../src/storage/embedded-postgres/account.ts';
import { findBinaryPackage } from '../../src/storage/embedded-postgres/binaries.ts';
import { removeEmbeddedPostgres } from '../../src/storage/embedded-postgres/index.ts';
import { placeOf } from '../../src/storage/embedded-postgres/place.ts';
import { freePort } from '../../src/storage/embedded-postgres/port.ts';
import { startIn } from '../../src/storage/embedded-postgres/start.ts';
import {
  IS_ROOT,
  kept,
  killNow,
  openScratch,
  query,
  type Scratch,
  selectKept,
  serverPid,
  start,
} from '../support/embedded-postgres-fixture.ts';

let scratch: Scratch;

beforeAll(async () => {
  scratch = await openScratch();
});

afterAll(async () => {
  await scratch.remove();
});

describe('a pid file', () => {
  const others: ChildProcess[] = [];

  afterAll(async () => {
    for (const other of others) if (other.exitCode === null) await killNow(other);
  });

  /** Some other program, run by the user whom our Postgres runs as. */
  async function other(program: string, args: readonly string[]): Promise<ChildProcess> {
    const account = await openAccount(await placeOf(scratch.shared));
    const child = spawn(program, args, { ...account, cwd: '/', stdio: 'ignore' });
    others.push(child);
    await once(child, 'spawn');
    return child;
  }

  test('whose pid belongs to another program by now harms neither', async () => {
    const stranger = await other('sleep', ['600']);
    const { data } = await placeOf(scratch.shared);
    await writeFile(
      join(data, 'postmaster.pid'),
      `${stranger.pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n 1 2\nready   \n`,
    );
    await using postgres = await start(scratch.shared);
    expect(await query(postgres, selectKept)).toEqual(kept);
    expect(await serverPid(scratch.shared)).not.toBe(stranger.pid);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  test('of a Postgres that somebody started by hand makes us refuse', async () => {
    const { data, home } = await placeOf(scratch.shared);
    const { root, version } = await findBinaryPackage();
    const bin = IS_ROOT ? join(home, `binaries-${version}`, 'bin') : join(root, 'native', 'bin');
    const args = ['-D', data, '-p', String(await freePort()), '-c', 'unix_socket_directories='];
    const manual = await other(join(bin, 'postgres'), args);
    await expect.poll(() => serverPid(scratch.shared).catch(() => 0)).toBe(manual.pid);
    await expect(start(scratch.shared)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`process ${manual.pid} works on the database`),
    });
    expect(manual.exitCode ?? manual.signalCode).toBeNull();
    const gone = once(manual, 'exit');
    manual.kill('SIGINT');
    await gone;
  });
});

describe('what it cannot use', () => {
  test('a database of another major version is refused with what to do', async () => {
    const { data } = await placeOf(scratch.shared);
    const file = join(data, 'PG_VERSION');
    const version = await readFile(file, 'utf8');
    await writeFile(file, '12\n');
    await expect(start(scratch.shared)).rejects.toThrow(
      /was made by Postgres 12, this Countersign brings .*pg_dump/,
    );
    await writeFile(file, version);
    await using postgres = await start(scratch.shared);
    expect(await query(postgres, selectKept)).toEqual(kept);
  });

  test('a database without its password, or with a wrong one, is refused', async () => {
    const { passwordFile } = await placeOf(scratch.shared);
    await rename(passwordFile, `${passwordFile}.away`);
    await expect(start(scratch.shared)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(passwordFile),
    });
    await writeFile(passwordFile, 'another');
    const refused = start(scratch.shared);
    await expect(refused).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(passwordFile),
    });
    await expect(refused).rejects.not.toThrow('another');
    await rename(`${passwordFile}.away`, passwordFile);
    await using postgres = await start(scratch.shared);
    expect(await query(postgres, selectKept)).toEqual(kept);
  });

  test.runIf(IS_ROOT)('a data folder that was moved away from its database is refused', async () => {
    const moved = scratch.newDataDir('moved');
    await rename(scratch.shared, moved);
    const whereItLies = `lies in ${(await placeOf(scratch.shared)).home}`;
    await expect(start(moved)).rejects.toThrow(whereItLies);
    await expect(removeEmbeddedPostgres(moved)).rejects.toThrow(whereItLies);
    await rename(moved, scratch.shared);
    await using postgres = await start(scratch.shared);
    expect(await query(postgres, selectKept)).toEqual(kept);
  });

  test('a platform without binaries is refused with what to do', async () => {
    const none = { freePort, findBinaryPackage: async () => ({ root: scratch.path, version: '18.0.0' }) };
    await expect(startIn(none, { dataDir: scratch.newDataDir('none') })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
