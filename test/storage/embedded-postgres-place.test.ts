import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBinaryPackage } from '../../src/storage/embedded-postgres/binaries.ts';
import { placeOf, SHARED_FOLDER } from '../../src/storage/embedded-postgres/place.ts';
import { freePort } from '../../src/storage/embedded-postgres/port.ts';
import { startIn } from '../../src/storage/embedded-postgres/start.ts';
import {
  forkChild,
  IS_ROOT,
  kept,
  killNow,
  openScratch,
  query,
  type Scratch,
  selectKept,
  start,
} from '../support/embedded-postgres-fixture.ts';

let scratch: Scratch;

beforeAll(async () => {
  scratch = await openScratch();
});

afterAll(async () => {
  await scratch.remove();
});

describe('where it can run', () => {
  test('from a package without links and modes, in a folder that only we can enter', {
    timeout: 30_000,
  }, async () => {
    const source = await findBinaryPackage();
    const folder = join(scratch.path, 'private');
    const root = join(folder, 'package');
    await mkdir(folder, { mode: 0o700 });
    const isLink = async (path: string) => /\.so(\.\d+)?$/.test(path) && (await links(source.root)).has(path);
    await cp(source.root, root, { recursive: true, filter: async (path) => !(await isLink(path)) });
    for (const tool of ['postgres', 'initdb']) await chmod(join(root, 'native', 'bin', tool), 0o600);
    await chmod(join(root, 'native', 'share'), 0o700);

    const dataDir = scratch.newDataDir('private/data');
    const told: string[] = [];
    const options = {
      dataDir,
      durability: 'none',
      onProgress: (message: string) => told.push(message),
    } as const;
    const surroundings = { freePort, findBinaryPackage: async () => ({ root, version: source.version }) };
    await using first = await startIn(surroundings, options);
    expect(await query(first, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.stop();
    await using second = await startIn(surroundings, options);
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(told.filter((message) => message.startsWith('Copying'))).toHaveLength(1);
  });

  test.runIf(IS_ROOT)('a damaged copy of the binaries is made anew', async () => {
    const { home } = await placeOf(scratch.shared);
    const copy = (await readdir(home)).find((name) => name.startsWith('binaries-')) ?? '';
    await writeFile(join(home, copy, 'bin', 'postgres'), '');
    await using postgres = await start(scratch.shared);
    expect(await query(postgres, selectKept)).toEqual(kept);
  });

  test.runIf(IS_ROOT)('as root it lets only its own user in', async () => {
    const { home, data } = await placeOf(scratch.shared);
    expect(dirname(home)).toBe(SHARED_FOLDER);
    expect((await stat(home)).mode & 0o777).toBe(0o710);
    expect((await stat(data)).uid).not.toBe(0);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
  });

  test.runIf(IS_ROOT)('as an ordinary user it stays inside the data folder', async ({ skip }) => {
    const nobody = { uid: 65534, gid: 65534 };
    const checkout = fileURLToPath(new URL('../../package.json', import.meta.url));
    const reachable = ['-r', checkout, '-a', '-x', process.execPath];
    const [code] = await once(spawn('test', reachable, { ...nobody, cwd: '/' }), 'exit');
    if (code !== 0) skip('this checkout lies where an ordinary user cannot go');
    const parent = join(scratch.path, 'nobody');
    await mkdir(parent);
    await chmod(parent, 0o777);
    const dataDir = join(parent, 'data');
    const child = forkChild(dataDir, nobody);
    const report = await child.next();
    if (report.kind !== 'started') throw new Error(JSON.stringify(report));
    await query(report, 'create table kept as select 1 as value');
    expect((await stat(join(dataDir, 'postgres', 'data'))).uid).toBe(nobody.uid);
    await expect(start(dataDir)).rejects.toThrow('another user (uid 65534) made');
    await killNow(child.process);

    const again = forkChild(dataDir, nobody);
    const taken = await again.next();
    if (taken.kind !== 'started') throw new Error(JSON.stringify(taken));
    expect(await query(taken, selectKept)).toEqual(kept);
    const stopped = again.next();
    again.process.send('stop');
    expect(await stopped).toEqual({ kind: 'stopped' });
    await rm(parent, { recursive: true });
  });
});

/** The links that the package's install script makes. */
async function links(root: string): Promise<ReadonlySet<string>> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const entries: readonly { target: string }[] = JSON.parse(list);
  return new Set(entries.map((entry) => join(root, entry.target)));
}
