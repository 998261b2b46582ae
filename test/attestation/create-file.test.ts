import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFile } from '../../src/attestation/create-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-create-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = new Date('2026-11-23T09:00:00.000Z');
const file = (text: string) => ({ path: join(folder, 'key'), text, mode: 0o600, at });

describe('createFile', () => {
  it('creates a file with its text, mode and time, and leaves nothing beside it', async () => {
    await createFile(file('first'));
    const { mode, mtime } = await stat(join(folder, 'key'));
    expect([mode & 0o777, mtime]).toEqual([0o600, at]);
    expect(await readFile(join(folder, 'key'), 'utf8')).toBe('first');
    expect(await readdir(folder)).toEqual(['key']);
  });

  it('never replaces one, and leaves nothing beside it either', async () => {
    await createFile(file('first'));
    await createFile(file('second'));
    expect(await readFile(join(folder, 'key'), 'utf8')).toBe('first');
    expect(await readdir(folder)).toEqual(['key']);
  });

  it('lets the first of many win, whole', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
    const seen = await Promise.all(
      texts.map(async (text) => {
        await createFile(file(text));
        return readFile(join(folder, 'key'), 'utf8');
      }),
    );
    expect(new Set(seen).size).toBe(1);
    expect(texts).toContain(seen[0]);
  });

  it('fails where it cannot write, and leaves nothing', async () => {
    const path = join(folder, 'missing', 'key');
    await expect(createFile({ ...file('text'), path })).rejects.toThrow(/ENOENT/);
    expect(await readdir(folder)).toEqual([]);
  });
});
