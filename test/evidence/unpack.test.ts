import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import type { Packing } from '../../src/evidence/sources/source.ts';
import { unpackLayers } from '../../src/evidence/unpack/unpack-layers.ts';
import { extended, type TarWish, tar } from './tar-maker.ts';

const IMAGE: Packing = { compression: 'none', within: 'models' };
const FOLDER: Packing = { compression: 'none', within: null };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-unpack-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What layers hold together: text by name. */
async function unpack(
  archives: readonly Uint8Array[],
  packing: Packing = IMAGE,
  { limit = 1e6, mostFiles = 100 } = {},
): Promise<Record<string, string>> {
  const blobs = createBlobStore(join(folder, randomUUID()), randomUUID);
  const layers = archives.map(async (bytes, index) => {
    const digest = digestOf(bytes);
    await blobs.put(digest, Readable.from([bytes]), 1e9);
    return { name: `layer ${index + 1}`, digest, bytes: bytes.byteLength, packing };
  });
  const signal = new AbortController().signal;
  const terms = { blobs, limit, mostFiles, id: 'a', signal };
  const files = await unpackLayers(terms, await Promise.all(layers));
  const read = async ({ name, digest, bytes }: (typeof files)[number]) => {
    const text = await readFile(await blobs.pathOf(digest), 'utf8');
    expect([digestOf(text), Buffer.byteLength(text)]).toEqual([digest, bytes]);
    return [name, text] as const;
  };
  return Object.fromEntries(await Promise.all(files.map(read)));
}

const LONG = `models/${'long-folder/'.repeat(12)}weights.bin`;
const model = (name: string, data = name): TarWish => ({ name: `models/${name}`, data });

describe('the layers of an image', () => {
  it.each(['gnu', 'posix', 'ustar', 'v7'])(
    'are unpacked as tar writes them by the format %s',
    async (format) => {
      const top = await mkdtemp(join(folder, 'tree-'));
      const long = format === 'v7' ? 'models/a/weights.bin' : LONG;
      await mkdir(join(top, long, '..'), { recursive: true });
      await mkdir(join(top, 'etc'));
      await writeFile(join(top, long), 'weights');
      await writeFile(join(top, 'models/empty'), '');
      await writeFile(join(top, 'etc/passwd'), 'root');
      const archive = execFileSync('tar', ['-C', top, `--format=${format}`, '-cf', '-', '.']);
      const expected = { [long.slice('models/'.length)]: 'weights', empty: '' };
      expect(await unpack([archive])).toEqual(expected);
      expect(await unpack([gzipSync(archive)], { ...IMAGE, compression: 'gzip' })).toEqual(expected);
      expect(await unpack([zstdCompressSync(archive)], { ...IMAGE, compression: 'zstd' })).toEqual(expected);
      expect(Object.keys(await unpack([archive], FOLDER))).toContain('etc/passwd');
    },
  );

  it('lie one over the other', async () => {
    const base = tar([model('a', 'old'), model('b'), model('c/d'), model('c/e'), model('f/g'), model('h')]);
    const next = tar([model('a', 'new'), model('.wh.b'), model('c/.wh..wh..opq'), model('c/x'), model('f')]);
    const last = tar([{ name: 'models/h/', type: '5' }, model('h/i')]);
    expect(await unpack([base, next, last])).toEqual({ a: 'new', 'c/x': 'c/x', f: 'f', 'h/i': 'h/i' });
    expect(await unpack([base, tar([{ name: '.wh.models' }, model('z')])])).toEqual({ z: 'z' });
    expect(await unpack([base, tar([{ name: '.wh..wh..opq' }, model('z')])])).toEqual({ z: 'z' });
    await expect(unpack([base, tar([{ name: '.wh.models' }])])).rejects.toThrow(
      /no layer of the image holds/,
    );
  });

  it('may hold whatever they like beside the models', async () => {
    const others = [
      { name: 'bin/sh', type: '2' },
      { name: 'bin/ls', type: '1', size: 700 },
      { name: 'dev/null', type: '3' },
      { name: 'etc/a\\x2db' },
      { name: 'etc/twice' },
      { name: 'etc/twice' },
      { name: 'modelsx', type: '2' },
      extended({ comment: 'by git' }, 'g'),
    ];
    expect(await unpack([tar([...others, model('a')])])).toEqual({ a: 'a' });
  });

  it('have names and sizes from extended headers', async () => {
    const said = extended({ path: 'models/ä', size: '3', mtime: '1.5' });
    expect(await unpack([tar([said, { name: 'models/other', data: 'abc', size: 0 }])])).toEqual({ ä: 'abc' });
  });
});

describe('a layer is refused', () => {
  it.each<[string, readonly TarWish[], RegExp]>([
    [
      'with a link',
      [{ ...model('a'), data: '', type: '2' }],
      /holds a link at "models\/a": put the file itself/,
    ],
    ['with a hard link', [model('a'), { ...model('b'), data: '', type: '1' }], /holds a link at "models\/b"/],
    ['whose folder is a link', [{ name: 'models', type: '2' }], /holds a link at "models"/],
    ['whose folder is a file', [{ name: 'models' }], /holds a file at "models"/],
    ['with a device', [{ ...model('a'), data: '', type: '4' }], /holds a device/],
    ['with a path that leaves it', [{ name: 'models/../../etc/cron.d/x' }], /which is no path within it/],
    ['with a path into the folder by a detour', [{ name: 'etc/../models/x' }], /no path within it/],
    ['with an empty part', [{ name: 'models//x' }], /no path within it/],
    ['with a line break in a name', [model('a\nb')], /no name of a file/],
    ['with a backslash in a name', [model('..\\a')], /no name of a file/],
    ['with a name twice', [model('a'), model('a', 'other')], /holds "models\/a" twice|holds "a" twice/],
    ['with a file that is a folder too', [model('a'), model('a/b')], /twice/],
    ['with a sparse file', [extended({ 'GNU.sparse.major': '1' }), model('a')], /with GNU\.sparse\.major/],
    ['that names all entries at once', [extended({ path: 'models/x' }, 'g'), model('a')], /says path of all/],
    ['with a kind that nobody knows', [{ ...model('a'), type: 'S' }], /an entry of the kind "S"/],
    ['with a damaged header', [{ ...model('a'), checksum: 1 }], /a header is damaged/],
    ['that is longer than it is', [{ ...model('a'), size: 5_000_000 }], /ends in the middle/],
    [
      'with a damaged extended header',
      [{ name: 'x', type: 'x', data: '99 path=a\n' }, model('a')],
      /is damaged/,
    ],
    ['without a model', [{ name: 'etc/passwd' }], /no layer of the image holds a file below \/models/],
  ])('%s', async (_, wishes, says) => {
    await expect(unpack([tar(wishes)])).rejects.toThrow(says);
  });

  it('with something behind its end, which another reader would see', async () => {
    const hidden = Buffer.concat([tar([model('a')]), tar([model('b')])]);
    await expect(unpack([hidden])).rejects.toThrow(/something follows its end/);
  });

  it('that is damaged', async () => {
    const archive = tar([model('a', 'x'.repeat(10_000))]);
    for (const cut of [100, 700, 5000])
      await expect(unpack([archive.subarray(0, cut)])).rejects.toMatchObject({ code: 'invalid_input' });
    const gzip = { ...IMAGE, compression: 'gzip' } as const;
    for (const bytes of [gzipSync(archive).subarray(0, 60), archive])
      await expect(unpack([bytes], gzip)).rejects.toThrow(/no whole gzip data/);
    await expect(unpack([archive], { ...IMAGE, compression: 'zstd' })).rejects.toThrow(/no whole zstd data/);
  });

  it('that grows beyond what is taken, wanted or not, and over all layers', async () => {
    const gzip = { ...IMAGE, compression: 'gzip' } as const;
    const bomb = gzipSync(tar([{ name: 'etc/zeros', data: Buffer.alloc(3e6) }, model('a')]));
    expect(bomb.length).toBeLessThan(10_000);
    await expect(unpack([bomb], gzip)).rejects.toMatchObject({ code: 'too_large' });
    const half = gzipSync(tar([{ name: 'etc/zeros', data: Buffer.alloc(6e5) }, model('a')]));
    const other = gzipSync(tar([{ name: 'etc/zeros', data: Buffer.alloc(6e5) }, model('b')]));
    expect(await unpack([half], gzip)).toEqual({ a: 'a' });
    await expect(unpack([half, other], gzip)).rejects.toMatchObject({ code: 'too_large' });
    const many = Array.from({ length: 101 }, (_, n) => model(`${n}`));
    await expect(unpack([tar(many)])).rejects.toThrow('more than 100 files');
  });
});
