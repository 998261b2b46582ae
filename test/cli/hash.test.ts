import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { runHere } from './run-here.ts';

const ROOT = join(import.meta.dirname, '../..');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-hash-'));
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'model/b'), 'two');
  await writeFile(join(folder, 'model/a'), 'one');
});
afterEach(() => rm(folder, { recursive: true }));

describe('countersign hash', () => {
  it('prints the digests of a directory, which anybody can compute', async () => {
    const printed = execFileSync('sha256sum', ['a', 'b'], { cwd: join(folder, 'model'), encoding: 'utf8' });
    const raw = ['one', 'two'].map((text) => Buffer.from(digestOf(text).slice(7), 'hex'));
    const { status, stdout } = await runHere(['hash', join(folder, 'model')]);
    expect(status).toBe(0);
    expect(stdout).toBe(`directory  ${digestOf(printed)}\noms_root  ${digestOf(Buffer.concat(raw))}\n`);
  });

  it('prints the digest of a file, in a process of its own', () => {
    const args = [join(ROOT, 'src/cli/main.ts'), 'hash', join(folder, 'model/a')];
    const stdout = execFileSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout).toMatch(new RegExp(`^file  ${digestOf('one')}\\noms_root  sha256:[0-9a-f]{64}\\n$`));
  });

  it('lists every file as JSON', async () => {
    const { stdout } = await runHere(['hash', join(folder, 'model'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'directory',
      bytes: 6,
      files: [
        { name: 'a', digest: digestOf('one') },
        { name: 'b', digest: digestOf('two') },
      ],
    });
  });

  it('says what is wrong with a path', async () => {
    const { status, stderr } = await runHere(['hash', join(folder, 'none')]);
    expect(status).toBe(2);
    expect(stderr).toContain('does not exist');
  });
});
