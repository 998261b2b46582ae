import { execFileSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HashDirectoryOptions, hashDirectory } from '../../src/artifact/index.ts';
import { CountersignError, digestOf } from '../../src/domain/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-directory-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes files by name into the folder. */
async function fill(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function refusal(options?: HashDirectoryOptions, path = folder): Promise<CountersignError> {
  const error: unknown = await hashDirectory(path, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CountersignError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

const omsRoot = async (options?: HashDirectoryOptions) =>
  (await hashDirectory(folder, options)).artifact.equivalents[0]?.digest;
const digest = async () => (await hashDirectory(folder)).artifact.digest;

describe('the digest of a directory', () => {
  it('is what find, sort and sha256sum make of it', async () => {
    await fill({ 'a-b/x': '1', 'a/x': '2', 'a/y z': '3', ä: '4', '.hidden': '5', B: '6', 𝒳: '7' });
    const script = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum";
    const printed = execFileSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect(await digest()).toBe(`sha256:${printed.slice(0, 64)}`);
  });

  it('lists every file with its digest and size, in the byte order of the names', async () => {
    await fill({ 'b/1': 'one', a: 'two' });
    const { files, bytes, artifact } = await hashDirectory(folder);
    expect(artifact.kind).toBe('directory');
    expect(bytes).toBe(6);
    expect(files).toEqual([
      { name: 'a', digest: digestOf('two'), bytes: 3 },
      { name: 'b/1', digest: digestOf('one'), bytes: 3 },
    ]);
  });

  it('changes with a byte, a name or a file, and not with times or empty directories', async () => {
    await fill({ a: '1', b: '2' });
    const first = await digest();
    await utimes(join(folder, 'a'), 1, 1);
    await mkdir(join(folder, 'empty'));
    expect(await digest()).toBe(first);
    await fill({ c: '' });
    expect(await digest()).not.toBe(first);
    await unlink(join(folder, 'c'));
    await fill({ a: '2', b: '1' });
    expect(await digest()).not.toBe(first);
  });

  it('is the same from one thread and from several', async () => {
    for (const name of ['a', 'b', 'c']) {
      await writeFile(join(folder, name), name);
      await truncate(join(folder, name), 40 * 1024 * 1024);
    }
    const told: number[] = [];
    const threaded = await hashDirectory(folder, { threads: 2, onProgress: (bytes) => told.push(bytes) });
    expect(threaded).toEqual(await hashDirectory(folder, { threads: 1 }));
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(120 * 1024 * 1024);
  });
});

/** The folders of model_signing's own tests, and the digests that its golden files give for them. */
describe('the root of an OpenSSF model signature', () => {
  it('is that of its sample of ten files', async () => {
    for (const i of [0, 1]) {
      for (const j of [0, 1, 2]) await fill({ [`d${i}/f${i}${j}`]: `This is file f${i}${j} in d${i}.` });
    }
    for (const i of [0, 1, 2, 3]) await fill({ [`f${i}`]: `This is file f${i} in root.` });
    expect(await omsRoot()).toBe('sha256:143cc682e555951649f18e2761c3d526d2502996f5e32dc187ef7f8a614f8df7');
  });

  it('is that of its deep sample', async () => {
    for (const i of [0, 1, 2, 3]) await fill({ [`d0/d1/d2/d3/d4/f${i}`]: `This is file f${i}.` });
    expect(await omsRoot()).toBe('sha256:18b5a45fe7983f7194e8ffd96c80f5f0ec53191bf4a32b6aff293f043e816d7a');
  });

  it('takes files in the order of the parts of their paths', async () => {
    await fill({ 'a-b/x': '1', 'a/x': '2' });
    const digests = ['2', '1'].map((text) => Buffer.from(digestOf(text).slice(7), 'hex'));
    expect(await omsRoot()).toBe(digestOf(Buffer.concat(digests)));
  });

  it('leaves out the signature and what belongs to Git at the top, which our own digest covers', async () => {
    await fill({ weights: 'w', 'sub/.git/config': 'x' });
    const [root, own] = [await omsRoot(), await digest()];
    await fill({ '.git/config': 'x', '.gitattributes': 'x', 'model.sig': '{}' });
    expect(await omsRoot()).toBe(root);
    expect(await omsRoot({ signature: 'other.sig' })).not.toBe(root);
    expect(await digest()).not.toBe(own);
  });
});

describe('what is refused', () => {
  it('a link, whatever it points to, with all other problems at once', async () => {
    await fill({ 'sub/a': '1' });
    await symlink('a', join(folder, 'sub/link'));
    await symlink('/etc', join(folder, 'outside'));
    const { code, problems } = await refusal();
    expect(code).toBe('invalid_input');
    expect(problems.map(({ where }) => where).sort()).toEqual([
      join(folder, 'outside'),
      join(folder, 'sub/link'),
    ]);
  });

  it('a socket and a pipe', async () => {
    const server = createServer().listen(join(folder, 'socket'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const { message } = await refusal();
    server.close();
    expect(message).toContain('is a socket');
    expect(message).toContain('is a pipe');
  });

  it('names that a list could not hold', async () => {
    await fill({ 'line\nbreak': '1', 'back\\slash': '2' });
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), '3');
    expect((await refusal()).problems).toHaveLength(3);
  });

  it('an empty directory, a file, a link to a directory, and nothing at all', async () => {
    expect((await refusal()).message).toContain('holds no file');
    await fill({ file: '1' });
    await symlink(folder, join(folder, 'link'));
    expect((await refusal({}, join(folder, 'file'))).message).toContain('is a file');
    expect((await refusal({}, join(folder, 'link'))).message).toContain('is a symbolic link');
    expect((await refusal({}, join(folder, 'none'))).message).toContain('cannot be looked at (ENOENT)');
  });

  it.each([1, 2])('a directory that changes while %d threads hash it', async (threads) => {
    await fill({ a: '1' });
    for (const name of ['b', 'c']) await truncate(join(folder, name), 0).catch(() => fill({ [name]: '' }));
    await truncate(join(folder, 'b'), 60 * 1024 * 1024);
    await truncate(join(folder, 'c'), 60 * 1024 * 1024);
    let done: Promise<void> | undefined;
    const onProgress = () => {
      done ??= appendFile(join(folder, 'a'), '2');
    };
    const { code, message } = await refusal({ threads, onProgress });
    await done;
    expect(code).toBe('conflict');
    expect(message).toContain('changed while it was read');
  });

  it('tells from a thread what it would tell from here', async () => {
    await fill({ a: '1', b: '2' });
    await truncate(join(folder, 'b'), 70 * 1024 * 1024);
    let gone: Promise<void> | undefined;
    const onProgress = () => {
      gone ??= unlink(join(folder, 'a'));
    };
    // One thread hashes the large file first, and finds the small one gone.
    const { message } = await refusal({ threads: 2, onProgress });
    await gone;
    expect(message).toMatch(/does not exist|changed while it was read/);
  });
});
