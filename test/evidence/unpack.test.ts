import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import type { Packing } from '../../src/evidence/sources/source.ts';
import { Layer } from '../../src/evidence/unpack/layer.ts';
import { overlay } from '../../src/evidence/unpack/overlay.ts';
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
const extendedFolder = (path: string): TarWish[] => [extended({ path }), { name: 'f', type: '5' }];
const model = (name: string, data = name): TarWish => ({ name: `models/${name}`, data });
const longName = (name: string): TarWish => ({ name: '././@LongLink', type: 'L', data: `${name}\0` });
const link = (name: string, target: string, type = '2'): TarWish => ({ name, target, type });
const OTHER: TarWish = { name: 'etc/other', data: 'other' };

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
      link('etc/.wh.a', '.wh..wh.plnk/1', '1'),
      extended({ comment: 'by git' }, 'g'),
    ];
    expect(await unpack([tar([...others, model('a')])])).toEqual({ a: 'a' });
  });

  it('have names and sizes from extended headers', async () => {
    const said = extended({ path: 'models/ä', size: '3', mtime: '1.5' });
    expect(await unpack([tar([said, { name: 'models/other', data: 'abc', size: 0 }])])).toEqual({ ä: 'abc' });
  });
});

describe('packed layers', () => {
  const archive = tar([model('a', 'x'.repeat(200_000)), model('b')]);
  const cuts = [0, 1024, 150_000, 150_000, archive.length];
  const parts = cuts.slice(1).map((end, index) => archive.subarray(cuts[index], end));
  const table = Buffer.from('502a4d1803000000616263', 'hex');

  it('are read to the end of their last member or frame', async () => {
    const whole = await unpack([archive]);
    const gzip = Buffer.concat(parts.map((part) => gzipSync(part)));
    expect(await unpack([gzip], { ...IMAGE, compression: 'gzip' })).toEqual(whole);
    const params = { [constants.ZSTD_c_checksumFlag]: 1 };
    const frames = parts.map((part, index) => zstdCompressSync(part, index % 2 === 0 ? {} : { params }));
    const zstd = Buffer.concat([table, ...frames.flatMap((frame) => [frame, table])]);
    expect(await unpack([zstd], { ...IMAGE, compression: 'zstd' })).toEqual(whole);
    await expect(unpack([zstd], { ...IMAGE, compression: 'zstd' }, { limit: 150_000 })).rejects.toThrow(
      /150000/,
    );
  });

  it('are refused with anything else behind, or not whole', async () => {
    const [gzip, zstd] = [gzipSync(archive), zstdCompressSync(archive)];
    const more = [
      Buffer.alloc(1),
      Buffer.alloc(70_000),
      Buffer.from('junk'),
      Buffer.concat([Buffer.alloc(9), gzip]),
    ];
    for (const behind of more) {
      const says = { code: 'invalid_input', message: expect.stringMatching(/gzip data|zstd data/) };
      await expect(
        unpack([Buffer.concat([gzip, behind])], { ...IMAGE, compression: 'gzip' }),
      ).rejects.toMatchObject(says);
      await expect(
        unpack([Buffer.concat([zstd, behind])], { ...IMAGE, compression: 'zstd' }),
      ).rejects.toMatchObject(says);
    }
    const two = Buffer.concat([zstd, zstdCompressSync(Buffer.alloc(512)), table]);
    for (const cut of [1, 5, 10, 12, 16, 20, 23])
      await expect(
        unpack([two.subarray(0, two.length - cut)], { ...IMAGE, compression: 'zstd' }),
      ).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('links beside the models', () => {
  /** What the real tar makes of the layers, one unpacked over the other. */
  async function byTar(archives: readonly Uint8Array[]): Promise<Record<string, string>> {
    const top = await mkdtemp(join(folder, 'tar-'));
    for (const input of archives) execFileSync('tar', ['-C', top, '-xf', '-'], { input });
    const names = (await readdir(join(top, 'models'))).sort();
    const texts = names.map(
      async (name) => [name, await readFile(join(top, 'models', name), 'utf8')] as const,
    );
    return Object.fromEntries(await Promise.all(texts));
  }
  const good = model('a', 'good');

  it.each<[string, readonly (readonly TarWish[])[]]>([
    ['a folder', [[good, link('evil', 'models')], [{ name: 'evil/a', data: 'bad' }]]],
    ['in one layer', [[good, link('evil', 'models'), { name: 'evil/a', data: 'bad' }]]],
    ['the top', [[good, link('evil', '.')], [{ name: 'evil/models/a', data: 'bad' }]]],
    ['another link', [[good, link('x', 'y')], [link('y', 'models')], [{ name: 'x/a', data: 'bad' }]]],
    [
      'a detour',
      [
        [good, { name: 'p/q/r/', type: '5' }, link('x', 'p/q'), link('y', 'x/../../models')],
        [{ name: 'y/a', data: 'bad' }],
      ],
    ],
    [
      'the folder above a link’s',
      [
        [good, { name: 'p/q/', type: '5' }, link('x', 'p/q')],
        [link('x/y', '../../models')],
        [{ name: 'p/q/y/a', data: 'bad' }],
      ],
    ],
    [
      'a link by a hard link',
      [[good, link('x', 'models'), link('y', 'x', '1')], [{ name: 'y/a', data: 'bad' }]],
    ],
  ])('that lead to %s by which real tar writes into them are refused', async (_, layers) => {
    const archives = layers.map((wishes) => tar(wishes));
    expect(await byTar(archives)).toEqual({ a: 'bad' });
    await expect(unpack(archives)).rejects.toThrow(
      /which comes to lie at "models\/a" where a link on its way/,
    );
  });

  it('are refused for what they remove, and in circles', async () => {
    const base = tar([good, link('evil', '/models'), link('up', '..'), link('round', 'round/x')]);
    for (const name of ['evil/.wh.a', 'evil/.wh..wh..opq', 'up/.wh.models', 'up/.wh..wh..opq'])
      await expect(unpack([base, tar([{ name }])])).rejects.toThrow(/which comes to lie at/);
    await expect(unpack([base, tar([{ name: 'round/a' }])])).rejects.toThrow(/more links than are followed/);
  });

  it('are as good as any that lead elsewhere', async () => {
    const base = tar([
      good,
      link('bin', 'usr/bin'),
      { name: 'usr/bin/', type: '5' },
      link('usr/bin/X11', '.'),
      link('m', 'models'),
    ]);
    const next = tar([
      { name: 'bin/X11/sh', data: 'sh' },
      { name: 'bin/.wh.ls' },
      model('b'),
      link('m', 'usr'),
    ]);
    expect(await unpack([base, next])).toEqual(await byTar([base, next]));
  });
});

describe('a layer is refused', () => {
  it.each<[string, readonly TarWish[], RegExp]>([
    [
      'with a link',
      [{ ...model('a'), data: '', type: '2' }],
      /holds a symbolic link at "models\/a": put the file itself/,
    ],
    [
      'with a hard link',
      [model('a'), { ...model('b'), data: '', type: '1' }],
      /holds a hard link at "models\/b"/,
    ],
    [
      'whose folder is a link',
      [{ name: 'models', type: '2' }],
      /holds a symbolic link at "models": put the folder itself/,
    ],
    ['whose folder is a file', [{ name: 'models' }], /holds a file at "models"/],
    ['with a device', [{ ...model('a'), data: '', type: '4' }], /holds a device/],
    ['with a path that leaves it', [{ name: 'models/../../etc/cron.d/x' }], /which is no path within it/],
    ['with a path into the folder by a detour', [{ name: 'etc/../models/x' }], /no path within it/],
    ['with an empty part', [{ name: 'models//x' }], /no path within it/],
    ['with a line break in a name', [model('a\nb')], /no name of a file/],
    ['with a backslash in a name', [model('..\\a')], /no name of a file/],
    ['with a name twice', [model('a'), model('a', 'other')], /holds "models\/a" twice|holds "a" twice/],
    ['with a file that is a folder too', [model('a'), model('a/b')], /twice/],
    ['with a folder that is a file too', [model('a/b'), model('a')], /holds "a" twice/],
    ['with a folder of a file’s name', [model('a'), { name: 'models/a/', type: '5' }], /holds "a" twice/],
    ['with a file whose name ends as a folder’s', [model('a/', '')], /a file of the name "models\/a\/"/],
    ['that removes what it holds', [model('a'), model('.wh.a')], /removes "a" after it holds it/],
    ['that removes all that it holds', [model('a'), { name: '.wh.models' }], /removes "\/" after/],
    ['that removes what has no name', [{ name: 'tmp/.wh...' }], /which removes no name/],
    [
      'with a name that two headers give',
      [longName('models/a'), extended({ path: 'tmp/x' }), OTHER],
      /\(Lx\)/,
    ],
    ['with two extended headers', [extended({ path: 'tmp/x' }), extended({ mtime: '1' }), OTHER], /\(xx\)/],
    ['with two long names', [longName('models/a'), longName('models/b'), OTHER], /\(LL\)/],
    ['with a header for all behind one for the next', [longName('a'), extended({}, 'g'), OTHER], /\(Lg\)/],
    ['with a key twice', [{ name: 'x', type: 'x', data: '10 path=a\n10 path=b\n' }, OTHER], /"path" twice/],
    ['with a zero in a name', [extended({ path: 'models/a\0b' }), OTHER], /"path" with a zero/],
    ['with an empty name', [extended({ path: '' }), model('a')], /holds an empty name/],
    [
      'with a prefix that is none',
      [{ name: 'a', magic: 'ustar ', prefix: 'models' }],
      /a number that is none/,
    ],
    [
      'that speaks to overlayfs',
      [extended({ 'SCHILY.xattr.trusted.overlay.opaque': 'y' }), OTHER],
      /overlay\.opaque/,
    ],
    ['that is taken for zstd', [{ name: 'P*M\u0018' }, model('a')], /begins as packed data do/],
    ['that is taken for bzip2', [{ name: 'BZh91AY&SY' }, model('a')], /begins as packed data do/],
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

  it('without the end that readers wait for', async () => {
    for (const end of [0, 1])
      await expect(unpack([tar([model('a')], { end })])).rejects.toThrow(/blocks? of zeros/);
    const alone = Buffer.concat([tar([model('a')], { end: 1 }), tar([model('b')])]);
    await expect(unpack([alone])).rejects.toThrow(/one block of zeros instead of two/);
  });

  it('with files in a file of a layer below, unless that is gone', async () => {
    const base = tar([model('a', 'file')]);
    const inner = model('a/b', 'inner');
    await expect(unpack([base, tar([inner])])).rejects.toThrow(
      /something in "a", which is a file of a layer below/,
    );
    for (const first of [
      model('.wh.a'),
      link('models/.wh.a', '.wh..wh.plnk/1', '1'),
      { name: 'models/a/', type: '5' },
    ])
      expect(await unpack([base, tar([first, inner])])).toEqual({ 'a/b': 'inner' });
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

  it('with names that would keep us busy: too deep, too long together, in too many layers', async () => {
    const deep = (levels: number) => [...Array(levels).fill('d'), 'f'].join('/');
    expect(Object.keys(await unpack([tar([extended({ path: `models/${deep(63)}` }), model('x')])]))).toEqual([
      deep(63),
    ]);
    for (const name of [deep(64), `${deep(64)}/`, deep(64).replace(/f$/, '.wh.f')])
      await expect(
        unpack([
          tar([
            model('a'),
            extended({ path: `models/${name}` }),
            { name: 'x', type: name.endsWith('/') ? '5' : '0' },
          ]),
        ]),
      ).rejects.toThrow(/64 folders deep/);
    const long = (n: number) => `${n}${'x'.repeat(200)}/`.repeat(4);
    const folders = Array.from({ length: 5_500 }, (_, n) => extendedFolder(`models/${long(n)}`));
    await expect(unpack([tar(folders.flat())], IMAGE, { limit: 1e9 })).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('letters'),
    });
    const empty = tar([{ name: 'etc/hosts' }]);
    await expect(unpack([tar([model('a')]), ...Array(500).fill(empty)])).rejects.toThrow(
      /501 layers that are archives/,
    );
  });

  it('that changes nothing is laid over nothing', () => {
    const below = new Map([['a', 1]]);
    expect(overlay(below, new Layer<number>())).toBe(below);
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
