import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFetchSealKey, readFetchSealKey } from '../../src/compose/fetch-seal-key.ts';
import { publicHalfOf } from '../../src/lib/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-fetch-seal-'));
});
afterEach(() => rm(folder, { recursive: true }));

it.each([true, false])(
  'is the fetcher’s, and known to the API, with a folder of its own: %s',
  async (own) => {
    const folders = { keysDir: join(folder, 'keys'), trustDir: join(folder, 'trust') };
    await mkdir(own ? join(folders.trustDir, 'fetcher') : folders.trustDir, { recursive: true });
    await expect(readFetchSealKey(folders)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('start the surface fetcher'),
    });
    const key = await openFetchSealKey(folders);
    expect(await readFetchSealKey(folders)).toBe(publicHalfOf(key));
    expect((await stat(join(folders.keysDir, 'fetcher', 'fetches.key'))).mode & 0o777).toBe(0o600);
    await rm(folders.keysDir, { recursive: true });
    expect(await readFetchSealKey(folders)).toBe(publicHalfOf(key));
    expect(await readFetchSealKey(folders)).not.toBe(publicHalfOf(await openFetchSealKey(folders)));
  },
);
