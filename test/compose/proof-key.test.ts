import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPublicFiles } from '../../src/attestation/index.ts';
import { openProofKey, readProofKey } from '../../src/compose/proof-key.ts';
import { openText, sealText } from '../../src/lib/index.ts';

let folder: string;
let folders: { keysDir: string; trustDir: string };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-proofs-'));
  folders = { keysDir: join(folder, 'keys'), trustDir: join(folder, 'trust') };
  await mkdir(folders.trustDir);
});
afterEach(() => rm(folder, { recursive: true }));

it('opens what is sealed to its published half, also where several bots start at the same moment', async () => {
  await expect(readProofKey(folders)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('start the surface bot'),
  });
  const keys = await Promise.all(Array.from({ length: 5 }, () => openProofKey(folders)));
  expect(new Set(keys).size).toBe(1);
  expect(openText(keys[0] ?? '', sealText(await readProofKey(folders), 'secret', 'it'), 'it')).toBe('secret');
  expect((await stat(join(folders.keysDir, 'approvals', 'proofs.key'))).mode & 0o777).toBe(0o600);
});

it('is published anew where it was made anew, and nobody takes it for a signer’s', async () => {
  await mkdir(join(folders.trustDir, 'approvals'));
  const first = await openProofKey(folders);
  await rm(folders.keysDir, { recursive: true });
  const second = await openProofKey(folders);
  const sealed = sealText(await readProofKey(folders), 'secret', 'it');
  expect([openText(first, sealed, 'it'), openText(second, sealed, 'it')]).toEqual([null, 'secret']);
  expect(await readFile(join(folders.trustDir, 'approvals', 'proofs.pub.pem'), 'utf8')).toContain(
    'PUBLIC KEY',
  );
  expect(await readPublicFiles(folders.trustDir)).toEqual([]);
});
