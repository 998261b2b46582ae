import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEvidence, readEvidence } from '../../../src/checks/evidence/file.ts';
import { fileOf, temporaryFolder } from '../support/workspace.ts';

it('reads exactly the bytes that were handed over', async () => {
  const file = await fileOf(await temporaryFolder(), 'card', 'hello');
  const read = await readEvidence('card', file, 100);
  expect(read.ok && read.value.toString()).toBe('hello');
});

it('throws when the bytes are not those of the digest, read at once or in a stream', async () => {
  const file = await fileOf(await temporaryFolder(), 'card', 'hello');
  await writeFile(file.path, 'jello');
  await expect(readEvidence('card', file, 100)).rejects.toMatchObject({ code: 'digest_mismatch' });
  await expect(openEvidence(file)).rejects.toMatchObject({ code: 'digest_mismatch' });
});

it('refuses a larger file with a problem', async () => {
  const file = await fileOf(await temporaryFolder(), 'card', 'x'.repeat(101));
  expect(await readEvidence('card', file, 100)).toEqual({
    ok: false,
    problems: [{ where: 'card', message: 'is 101 bytes; at most 100 are read' }],
  });
});

it('follows no link and reads no folder', async () => {
  const folder = await temporaryFolder();
  const file = await fileOf(folder, 'card', 'hello');
  const link = join(folder, 'link');
  await symlink(file.path, link);
  await expect(readEvidence('card', { ...file, path: link }, 100)).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(readEvidence('card', { ...file, path: folder }, 100)).rejects.toMatchObject({
    code: 'integrity',
  });
});
