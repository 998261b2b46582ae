import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBinaryPackage } from '../../src/storage/embedded-postgres/binaries.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres/index.ts';
import { placeOf } from '../../src/storage/embedded-postgres/place.ts';
import { freePort } from '../../src/storage/embedded-postgres/port.ts';
import { commandOf, incarnation } from '../../src/storage/embedded-postgres/process.ts';
import { startIn } from '../../src/storage/embedded-postgres/start.ts';
import {
  forkChild,
  IS_ROOT,
  kept,
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

describe('an embedded Postgres', () => {
  test('keeps its data, listens on 127.0.0.1 alone and keeps its password to itself', {
    timeout: 30_000,
  }, async () => {
    const dataDir = scratch.newDataDir('ordinary');
    const told: string[] = [];
    await using first = await startEmbeddedPostgres({ dataDir, onProgress: (message) => told.push(message) });
    await query(first, 'create table kept as select 1 as value');
    const [settings] = await query(
      first,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
              current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
              current_setting('server_encoding') as encoding, current_setting('timezone') as timezone,
              (select datcollate from pg_database where datname = current_database()) as collation`,
    );
    expect(settings).toEqual({
      addresses: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      synchronous_commit: 'on',
      encoding: 'UTF8',
      timezone: 'UTC',
      collation: 'C',
    });

    const place = await placeOf(dataDir);
    const password = new URL(first.connectionString).password;
    expect(password.length).toBeGreaterThanOrEqual(40);
    expect((await readFile(place.passwordFile, 'utf8')).trim()).toBe(password);
    expect((await stat(place.passwordFile)).mode & 0o777).toBe(0o600);
    const wrong = first.connectionString.replace(password, 'guess');
    await expect(query({ connectionString: wrong }, 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
    await expect(query(first, "select * from kept where 'hush' = missing")).rejects.toThrow('missing');
    const log = await readFile(place.logFile, 'utf8');
    const visible = [...told, log, await commandOf(await serverPid(dataDir))].join('\n');
    expect(visible).toContain('database system is ready');
    expect(visible).not.toContain(password);
    expect(visible).not.toContain('hush');

    const pid = await serverPid(dataDir);
    await Promise.all([first.stop(), first.stop()]);
    expect(await incarnation(pid)).toBeNull();
    await first.stop();

    await using second = await startEmbeddedPostgres({ dataDir });
    expect(await query(second, selectKept)).toEqual(kept);
    expect(new URL(second.connectionString).password).toBe(password);
  });

  test('tries another port when the one it chose is taken', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const address = occupant.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const ports = [taken, await freePort()];
    const surroundings = { findBinaryPackage, freePort: async () => ports.shift() ?? 0 };
    await using postgres = await startIn(surroundings, { dataDir: scratch.shared, durability: 'none' });
    occupant.close();
    expect(ports).toEqual([]);
    expect(new URL(postgres.connectionString).port).not.toBe(String(taken));
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('is refused to a second process while the first runs, and of two at once one starts', {
    timeout: 30_000,
  }, async () => {
    const dataDir = scratch.newDataDir('twice');
    const children = [forkChild(dataDir), forkChild(dataDir)];
    const reports = await Promise.all(children.map((child) => child.next()));
    expect(reports.map((report) => report.kind).sort()).toEqual(['refused', 'started']);
    const winner = children[reports.findIndex((report) => report.kind === 'started')];
    const refusal = reports.find((report) => report.kind === 'refused');
    expect(refusal).toMatchObject({
      message: expect.stringContaining(`in use by process ${winner?.process.pid};`),
    });
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'conflict' });
    if (IS_ROOT) await expect(removeEmbeddedPostgres(dataDir)).rejects.toMatchObject({ code: 'conflict' });
    const stopped = winner?.next();
    winner?.process.send('stop');
    expect(await stopped).toEqual({ kind: 'stopped' });
    await using postgres = await start(dataDir);
    await expect(start(dataDir)).rejects.toThrow('in use by this process itself');
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
