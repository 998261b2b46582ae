import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openArrivalKey } from '../../src/compose/arrival-key.ts';

let keysDir: string;
beforeEach(async () => {
  keysDir = await mkdtemp(join(tmpdir(), 'countersign-arrivals-'));
});
afterEach(() => rm(keysDir, { recursive: true }));

it('is made once, however many bots start at the same moment, and is its owner’s alone', async () => {
  const [first, ...rest] = await Promise.all(Array.from({ length: 5 }, () => openArrivalKey({ keysDir })));
  expect(Buffer.from(first ?? '', 'base64url')).toHaveLength(32);
  expect(new Set([first, ...rest, await openArrivalKey({ keysDir })]).size).toBe(1);
  const file = join(keysDir, 'approvals', 'arrivals.key');
  expect(await readFile(file, 'utf8')).toBe(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('is refused where others may read it', async () => {
  await openArrivalKey({ keysDir });
  await chmod(join(keysDir, 'approvals', 'arrivals.key'), 0o644);
  await expect(openArrivalKey({ keysDir })).rejects.toThrow('chmod 600');
});
