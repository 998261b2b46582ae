import { access, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeEmbeddedPostgres } from '../../src/storage/embedded-postgres/index.ts';
import { placeOf, SHARED_FOLDER } from '../../src/storage/embedded-postgres/place.ts';
import { incarnation } from '../../src/storage/embedded-postgres/process.ts';
import {
  forkChild,
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

describe('after a kill -9 of its parent', () => {
  test('the server is taken over and ends with stop', async () => {
    const dataDir = scratch.shared;
    const child = forkChild(dataDir);
    expect((await child.next()).kind).toBe('started');
    const pid = await serverPid(dataDir);
    await killNow(child.process);
    expect(await incarnation(pid)).not.toBeNull();

    await using postgres = await start(dataDir);
    expect(await serverPid(dataDir)).toBe(pid);
    expect(await query(postgres, selectKept)).toEqual(kept);
    await postgres.stop();
    expect(await incarnation(pid)).toBeNull();
    await expect(query(postgres, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  test('a server with other settings is stopped and a new one started', async () => {
    const dataDir = scratch.shared;
    const child = forkChild(dataDir);
    await child.next();
    const pid = await serverPid(dataDir);
    await killNow(child.process);

    await using postgres = await start(dataDir, { durability: 'full' });
    expect(await incarnation(pid)).toBeNull();
    const rows = await query(postgres, "select value, current_setting('fsync') as fsync from kept");
    expect(rows).toEqual([{ value: 1, fsync: 'on' }]);
  });

  test('and of the server itself, the next start recovers', async () => {
    const child = forkChild(scratch.shared);
    await child.next();
    const pid = await serverPid(scratch.shared);
    await killNow(child.process);
    process.kill(pid, 'SIGKILL');
    await using postgres = await start(scratch.shared);
    expect(await serverPid(scratch.shared)).not.toBe(pid);
    expect(await query(postgres, selectKept)).toEqual(kept);
  });

  test('in the middle of the first start, the next start begins anew', async () => {
    const dataDir = scratch.newDataDir('half');
    const child = forkChild(dataDir);
    const { home, data } = await placeOf(dataDir);
    const halfMade = async () =>
      (await readdir(home).catch(() => [])).find((name) => name.startsWith('new-database-'));
    await expect.poll(halfMade, { interval: 5, timeout: 10_000 }).toBeDefined();
    const leftover = (await halfMade()) ?? '';
    await killNow(child.process);
    await expect(access(data)).rejects.toThrow('ENOENT');

    await using postgres = await start(dataDir);
    expect(await readdir(home)).not.toContain(leftover);
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test.runIf(IS_ROOT)('removing stops the server and leaves nothing', async () => {
    const dataDir = scratch.newDataDir('removed');
    const child = forkChild(dataDir);
    await child.next();
    const pid = await serverPid(dataDir);
    await killNow(child.process);
    await removeEmbeddedPostgres(dataDir);
    expect(await incarnation(pid)).toBeNull();
    const { home, folder } = await placeOf(dataDir);
    const rest = await readdir(SHARED_FOLDER).catch(() => []);
    expect(rest.filter((name) => name.startsWith(basename(home)))).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    await removeEmbeddedPostgres(dataDir);
  });
});
