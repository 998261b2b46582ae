import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configuredSecrets } from '../../src/config/index.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';

it('reads a secret of the environment or of a file, as it is now', async () => {
  const folder = await temporaryFolder();
  const { secret } = configuredSecrets(join(folder, 'countersign.yaml'), { TOKEN: ' abc ' });
  expect(await secret({ env: 'TOKEN' })).toBe('abc');
  for (const text of ['first\n', 'second']) {
    await writeFile(join(folder, 'token'), text);
    expect(await secret({ file: 'token' })).toBe(text.trim());
  }
});

it.each([
  ['a variable that is not set', { env: 'NONE' }, 'the environment variable NONE holds no secret'],
  [
    'a variable with line breaks',
    { env: 'LINES' },
    'the environment variable LINES holds characters that cannot be sent',
  ],
  ['an empty file', { file: 'empty' }, 'empty holds no secret'],
  ['a folder', { file: 'folder' }, 'cannot be read (ENOTREG)'],
  ['a huge file', { file: 'huge' }, 'cannot be read (EFBIG)'],
  ['nothing', { file: 'nothing' }, 'cannot be read (ENOENT)'],
])('refuses %s, and says nothing of what it holds', async (_what, place, message) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'empty'), '\n');
  await writeFile(join(folder, 'huge'), 'S3CRET'.repeat(20_000));
  await mkdir(join(folder, 'folder'));
  const { secret } = configuredSecrets(join(folder, 'countersign.yaml'), { LINES: 'S3CRET\r\nX: 1' });
  const refused = secret(place as { file: string });
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.not.toThrow('S3CRET');
});
