import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRunSeals } from '../../src/compose/run-seal-keys.ts';
import { publicHalfOf } from '../../src/lib/index.ts';

let folder: string;
let folders: { keysDir: string; trustDir: string };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-seals-'));
  folders = { keysDir: join(folder, 'keys'), trustDir: join(folder, 'trust') };
  for (const signer of ['ledger', 'worker']) await mkdir(join(folders.trustDir, signer), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const mode = async (path: string) => (await stat(path)).mode & 0o777;

it('knows the seals of both surfaces that queue runs, and as they are now', async () => {
  const worker = await openRunSeals(folders, 'worker');
  await expect(worker.runSealKeys()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('start the surface api'),
  });
  const api = await openRunSeals(folders, 'ledger');
  const both = [api.runSealKey, worker.runSealKey].map(publicHalfOf);
  expect(new Set(both).size).toBe(2);
  expect([await worker.runSealKeys(), await api.runSealKeys()]).toEqual([both, both]);
  await rm(join(folders.keysDir, 'ledger'), { recursive: true });
  const anew = await openRunSeals(folders, 'ledger');
  expect(await worker.runSealKeys()).toEqual([publicHalfOf(anew.runSealKey), both[1]]);
});

it('knows both where all public keys lie in one folder', async () => {
  for (const signer of ['ledger', 'worker']) await rm(join(folders.trustDir, signer), { recursive: true });
  const [api, worker] = [await openRunSeals(folders, 'ledger'), await openRunSeals(folders, 'worker')];
  const both = [api.runSealKey, worker.runSealKey].map(publicHalfOf);
  expect([await worker.runSealKeys(), await api.runSealKeys()]).toEqual([both, both]);
});

it('queues runs before any worker was started', async () => {
  const api = await openRunSeals(folders, 'ledger');
  expect(await api.runSealKeys()).toEqual([publicHalfOf(api.runSealKey)]);
});

it('keeps the key from everybody, but from those who share the keys of its folder', async () => {
  await mkdir(join(folders.keysDir, 'ledger'), { recursive: true });
  await chmod(join(folders.keysDir, 'ledger'), 0o2770);
  const [first, second] = [await openRunSeals(folders, 'ledger'), await openRunSeals(folders, 'ledger')];
  expect(second.runSealKey).toBe(first.runSealKey);
  await openRunSeals(folders, 'worker');
  expect(await mode(join(folders.keysDir, 'ledger', 'ledger.runs.key'))).toBe(0o640);
  expect(await mode(join(folders.keysDir, 'worker', 'worker.runs.key'))).toBe(0o600);
  expect(await mode(join(folders.trustDir, 'worker', 'worker.runs.pub.pem'))).toBe(0o644);
});
