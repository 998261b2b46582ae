import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { DAY, HOUR } from '../../src/lib/index.ts';

const CHILD = join(import.meta.dirname, 'uploading-child.ts');
const TEXT = 'the first half and the second';
const DIGEST = digestOf(TEXT);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const incoming = () => readdir(join(folder, 'incoming'));
const open = (name = 'upload') => createBlobStore(folder, () => name);

async function* bytesOf(...parts: readonly (string | Promise<string>)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(await part);
}

/** The time so many milliseconds after a file was last written to. */
async function since(name: string, milliseconds: number): Promise<string> {
  const { mtimeMs } = await stat(join(folder, 'incoming', name));
  return new Date(mtimeMs + milliseconds).toISOString();
}

/** Kills a process in the middle of an upload. */
async function crash(name: string): Promise<void> {
  const child = spawn(process.execPath, [CHILD, folder, name], { stdio: ['ignore', 'ignore', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const size = () =>
    stat(join(folder, 'incoming', name)).then(
      (info) => info.size,
      () => 0,
    );
  await expect.poll(size, { timeout: 20_000, interval: 20 }).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a blob store', () => {
  it('keeps bytes under their digest, read-only, and nothing else', async () => {
    expect(await open().put(DIGEST, bytesOf(TEXT), 1000)).toEqual({ bytes: TEXT.length });
    const path = await open().pathOf(DIGEST);
    expect(await readFile(path, 'utf8')).toBe(TEXT);
    expect((await stat(path)).mode & 0o777).toBe(0o444);
    expect(await incoming()).toEqual([]);
  });

  it('leaves nothing of bytes that are not those announced, or too many', async () => {
    await expect(open().put(DIGEST, bytesOf('other'), 1000)).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
    await expect(open().put(DIGEST, bytesOf(TEXT), 5)).rejects.toMatchObject({ code: 'too_large' });
    expect(await incoming()).toEqual([]);
    expect(await open().has(DIGEST)).toBe(false);
  });

  it('removes what a crash left, a day later', async () => {
    await crash('left');
    expect(await incoming()).toEqual(['left']);
    await open().sweep(await since('left', DAY - HOUR));
    expect(await incoming()).toEqual(['left']);
    await open().sweep(await since('left', DAY + HOUR));
    expect(await incoming()).toEqual([]);
    expect(await open().has(DIGEST)).toBe(false);
  });

  it('leaves uploads under way alone', async () => {
    const rest = Promise.withResolvers<string>();
    const upload = open('live').put(DIGEST, bytesOf('the first half', rest.promise), 1000);
    await crash('left');
    const old = new Date(Date.parse(await since('left', -2 * DAY)));
    await utimes(join(folder, 'incoming', 'left'), old, old);
    await open().sweep(await since('live', HOUR));
    expect(await incoming()).toEqual(['live']);
    rest.resolve(' and the second');
    await upload;
    expect(await readFile(await open().pathOf(DIGEST), 'utf8')).toBe(TEXT);
  });

  it('has nothing to remove before the first upload', async () => {
    await expect(open().sweep('2026-11-23T10:00:00.000Z')).resolves.toBeUndefined();
  });
});
