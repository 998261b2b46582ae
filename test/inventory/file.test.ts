import { execFileSync } from 'node:child_process';
import { chmod, mkdir, open, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createFileSource } from '../../src/inventory/index.ts';
import { entry, openList } from './listed.ts';
import { observed } from './look.ts';

const MODEL = entry('path: ./serving/model.onnx');
const IS_ROOT = process.getuid?.() === 0;

describe('an entry with a path', () => {
  it('is observed with the digest of its bytes, verified', async () => {
    await using listed = await openList(MODEL);
    await listed.serve('serving/model.onnx', 'the bytes');
    expect(await observed(listed.source)).toEqual([
      {
        deployment: 'fraud-detection-eu',
        environment: 'production',
        modelId: 'fraud-detection',
        modelVersion: '4.1.2',
        digest: digestOf('the bytes'),
        confidence: 'verified',
        how: 'hashed ./serving/model.onnx',
        replicas: 1,
      },
    ]);
  });

  it('shows a swap that keeps size and modification time', async () => {
    await using listed = await openList(MODEL);
    const file = await listed.serve('serving/model.onnx', 'bytes A');
    const noon = new Date('2026-11-23T12:00:00Z');
    await utimes(file, noon, noon);
    const [seen] = await observed(listed.source);
    await writeFile(file, 'bytes B');
    await utimes(file, noon, noon);
    expect(await stat(file)).toMatchObject({ size: 7, mtime: noon });
    const [swapped] = await observed(listed.source);
    expect([seen?.digest, swapped?.digest]).toEqual([digestOf('bytes A'), digestOf('bytes B')]);
  });

  it('shows the bytes behind a link, and where the link leads now', async () => {
    await using listed = await openList(MODEL);
    const one = await listed.serve('versions/1.onnx', 'one');
    const two = await listed.serve('versions/2.onnx', 'two');
    const link = join(dirname(listed.path), 'serving/model.onnx');
    await mkdir(dirname(link));
    await symlink(one, link);
    const [first] = await observed(listed.source);
    await symlink(two, `${link}.new`);
    await rename(`${link}.new`, link);
    const [second] = await observed(listed.source);
    expect([first?.digest, second?.digest]).toEqual([digestOf('one'), digestOf('two')]);
  });

  it('is hashed once for all deployments that serve it, even while it is swapped again and again', async () => {
    const other = (n: number) =>
      `  - { name: d${n}, environment: production, model_id: m, model_version: "1", path: model.onnx }\n`;
    await using listed = await openList(entry('path: model.onnx', [1, 2, 3, 4, 5, 6].map(other).join('')));
    const bytes = [Buffer.alloc(8 * 1024 * 1024, 'A'), Buffer.alloc(8 * 1024 * 1024, 'B')] as const;
    const file = await listed.serve('model.onnx', bytes[0]);
    let seen: Awaited<ReturnType<typeof observed>> | null = null;
    const look = observed(listed.source).then((result) => {
      seen = result;
      return result;
    });
    for (let n = 1; seen === null; n++) await rename(await listed.serve('next', bytes[n % 2 ? 1 : 0]), file);
    const digests = (await look).map(({ digest }) => digest);
    expect(digests).toHaveLength(7);
    expect(new Set(digests).size).toBe(1);
    expect(bytes.map(digestOf)).toContain(digests[0]);
  });

  const unreadable: readonly [string, (file: string) => Promise<unknown>, string][] = [
    ['is missing', (file) => rm(file), './serving/model.onnx cannot be hashed: does not exist'],
    [
      'is a directory without a file',
      async (file) => {
        await rm(file);
        await mkdir(file);
      },
      './serving/model.onnx cannot be hashed: holds no file',
    ],
    [
      'is a pipe that nobody writes to',
      async (file) => {
        await rm(file);
        execFileSync('mkfifo', [file], { env: { PATH: '/usr/bin:/bin' } });
      },
      './serving/model.onnx cannot be hashed: is a pipe',
    ],
    [
      'is a link that leads nowhere',
      async (file) => {
        await rm(file);
        await symlink('gone', file);
      },
      './serving/model.onnx cannot be hashed: does not exist',
    ],
  ];
  it.each(unreadable)('that %s is observed without a digest, and says why', async (_what, spoil, how) => {
    await using listed = await openList(MODEL);
    await spoil(await listed.serve('serving/model.onnx', 'the bytes'));
    expect(await observed(listed.source)).toMatchObject([{ digest: null, confidence: 'unknown', how }]);
  });

  it.runIf(!IS_ROOT)('that may not be read is observed without a digest', async () => {
    await using listed = await openList(MODEL);
    await chmod(await listed.serve('serving/model.onnx', 'the bytes'), 0);
    expect(await observed(listed.source)).toMatchObject([
      { digest: null, how: './serving/model.onnx cannot be hashed: may not be read by this user' },
    ]);
  });
});

describe('a file that is written while it is hashed', () => {
  const SIZE = 64 * 1024 * 1024;

  it('never gives a digest of mixed bytes', async () => {
    await using listed = await openList(entry('path: model.onnx'));
    const file = await listed.serve('model.onnx', Buffer.alloc(SIZE, 'A'));
    const whole = [digestOf(Buffer.alloc(SIZE, 'A')), digestOf(Buffer.alloc(SIZE, 'B')), null];
    for (const fill of ['B', 'A', 'B']) {
      const [[seen]] = await Promise.all([observed(listed.source), overwrite(file, SIZE, fill)]);
      expect(whole).toContain(seen?.digest);
    }
  });

  it('gives the old digest or the new one when it is replaced by renaming', async () => {
    await using listed = await openList(entry('path: model.onnx'));
    const file = await listed.serve('model.onnx', Buffer.alloc(SIZE, 'A'));
    const next = await listed.serve('next.onnx', Buffer.alloc(SIZE, 'B'));
    const [[during]] = await Promise.all([observed(listed.source), rename(next, file)]);
    const [after] = await observed(listed.source);
    expect([digestOf(Buffer.alloc(SIZE, 'A')), digestOf(Buffer.alloc(SIZE, 'B'))]).toContain(during?.digest);
    expect(after?.digest).toBe(digestOf(Buffer.alloc(SIZE, 'B')));
  });

  async function overwrite(path: string, size: number, fill: string): Promise<void> {
    await using handle = await open(path, 'r+');
    const chunk = Buffer.alloc(1024 * 1024, fill);
    // From the end to the start: it meets the reader, who comes from the start, on the way.
    for (let at = size - chunk.length; at >= 0; at -= chunk.length)
      await handle.write(chunk, 0, chunk.length, at);
  }
});

describe('an entry with a digest', () => {
  it('is observed as declared', async () => {
    const digest = digestOf('far away');
    await using listed = await openList(entry(`digest: ${digest}`));
    expect(await observed(listed.source)).toMatchObject([{ digest, confidence: 'declared' }]);
  });
});

describe('a list that cannot be read', () => {
  it.each([
    ['is missing', undefined, /ENOENT/],
    ['is empty', '', /deployments\.yaml:1:1/],
    ['is not YAML', 'deployments: [', /deployments\.yaml:1:\d+/],
    ['lacks its key', 'models: []', /unknown key "models"/],
    ['uses an alias', 'deployments: [&a {}, *a]', /aliases are not allowed/],
    [
      'spells a version as a number',
      entry('path: m').replace('"4.1.2"', '1.10'),
      /:5:20: .*model_version.*quote it/,
    ],
    [
      'has an entry with both path and digest',
      entry(`path: m\n    digest: ${digestOf('x')}`),
      /:2:5: .*one of path/,
    ],
    ['has an entry with neither', entry('replicas: 1'), /:2:5: .*one of path/],
    ['has a digest in another spelling', entry('digest: SHA256:AB'), /:6:13: .*sha256:/],
    [
      'has a version with a leading v',
      entry('path: m').replace('4.1.2', 'v4.1.2'),
      /:5:20: .*without a leading v/,
    ],
    ['has a negative number of replicas', entry('path: m\n    replicas: -1'), /:7:15: .*replicas/],
    ['has a name that would end up in another key', entry('path: m').replace('-eu', '/eu'), /:2:11: .*name/],
    [
      'lists a deployment twice',
      entry('path: m', entry('path: n').split('\n').slice(1).join('\n')),
      /:7:11: .*production\/fraud-detection-eu is in the list twice/,
    ],
  ])('makes the source as a whole unreadable when it %s', async (_what, text, message) => {
    await using listed = await openList(text);
    await expect(observed(listed.source)).rejects.toThrow(message);
  });

  it('is told with every problem at once', async () => {
    await using listed = await openList(entry('digest: no', '    replicas: x\n    colour: red\n'));
    const error = await observed(listed.source).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'invalid_input',
      problems: [
        { where: expect.stringContaining(':6:13') },
        { where: expect.stringContaining(':7:15') },
        { where: expect.stringContaining(':8:5'), message: expect.stringContaining('unknown key "colour"') },
      ],
    });
  });

  it('does not wait for a writer when it is a pipe', async () => {
    await using listed = await openList(MODEL);
    await rm(listed.path);
    execFileSync('mkfifo', [listed.path], { env: { PATH: '/usr/bin:/bin' } });
    await expect(observed(createFileSource({ name: 'list', path: listed.path }))).rejects.toThrow(
      'is not a regular file',
    );
  });
});

it('an empty list is a list: nothing is deployed', async () => {
  await using listed = await openList('deployments: []');
  expect(await observed(listed.source)).toEqual([]);
});
