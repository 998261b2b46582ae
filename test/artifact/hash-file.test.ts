import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, open, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashFile } from '../../src/artifact/index.ts';
import { CountersignError } from '../../src/domain/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-hash-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function refusal(path: string): Promise<CountersignError> {
  const error: unknown = await hashFile(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CountersignError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

/** Writes over the first byte: the size stays. */
async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.write('x', 0);
  await file.close();
}

describe('hashFile', () => {
  it.each([
    ['no bytes', 0],
    ['less than a chunk', 3],
    ['exactly one chunk', 1024 * 1024],
    ['a chunk and a byte', 1024 * 1024 + 1],
    ['several chunks', 5 * 1024 * 1024 + 17],
  ])('gives SHA-256 and size of a file of %s', async (_what, size) => {
    const bytes = Buffer.alloc(size, 'model weights ');
    await writeFile(join(folder, 'model'), bytes);
    expect(await hashFile(join(folder, 'model'))).toEqual({
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      bytes: size,
    });
  });

  it('agrees with a published test vector', async () => {
    await writeFile(join(folder, 'abc'), 'abc');
    const { digest } = await hashFile(join(folder, 'abc'));
    expect(digest).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('takes the same memory for a file a hundred times as large', async () => {
    const path = join(folder, 'large');
    await writeFile(path, '');
    await truncate(path, 256 * 1024 * 1024);
    await hashFile(path);
    const before = process.memoryUsage();
    const { bytes } = await hashFile(path);
    const after = process.memoryUsage();
    expect(bytes).toBe(256 * 1024 * 1024);
    expect(after.rss - before.rss).toBeLessThan(64 * 1024 * 1024);
  });

  it('says of each thing that is no regular file what it is and what to do', async () => {
    await mkdir(join(folder, 'directory'));
    await writeFile(join(folder, 'target'), 'bytes');
    await symlink(join(folder, 'target'), join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')], { env: { PATH: process.env['PATH'] ?? '' } });
    const cases: readonly (readonly [string, RegExp])[] = [
      ['directory', /is a directory.*regular file/s],
      ['missing', /does not exist.*check the path/s],
      ['target/below', /does not exist/],
      ['link', /symbolic link.*the file that it points to/s],
      ['pipe', /is a pipe.*regular file/s],
    ];
    for (const [name, message] of cases) {
      const error = await refusal(join(folder, name));
      expect(error.code, name).toBe('invalid_input');
      expect(error.message, name).toMatch(message);
      expect(error.message, name).toContain(join(folder, name));
    }
  });

  it('refuses sockets, devices and impossible names', async () => {
    const server = createServer();
    const path = join(folder, 'socket');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect((await refusal(path)).message).toMatch(/socket/);
    await new Promise((resolve) => server.close(resolve));
    expect((await refusal('/dev/zero')).message).toMatch(/not a regular file/);
    expect((await refusal('model\0.onnx')).code).toBe('invalid_input');
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['grows', (path) => appendFile(path, 'one more byte')],
    ['is overwritten in place', (path) => overwrite(path)],
  ])('refuses a file that %s while it is read', async (_how, write) => {
    const path = join(folder, 'changing');
    await writeFile(path, '');
    await truncate(path, 256 * 1024 * 1024);
    let reading = true;
    const hashing = refusal(path).finally(() => {
      reading = false;
    });
    while (reading) await write(path);
    const error = await hashing;
    expect(error.code).toBe('conflict');
    expect(error.message).toMatch(/changed while it was read/);
  });

  it('leaves no file open', async () => {
    await writeFile(join(folder, 'model'), 'bytes');
    const probe = async () => {
      const handle = await open(join(folder, 'model'));
      const { fd } = handle;
      await handle.close();
      return fd;
    };
    const before = await probe();
    for (let i = 0; i < 20; i++) {
      await hashFile(join(folder, 'model'));
      await refusal(folder);
    }
    expect(await probe()).toBe(before);
  });
});
