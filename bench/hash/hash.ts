import { execFile } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hashDirectory, hashFile } from '../../src/artifact/index.ts';
import type { Bench, BenchOptions, Reading } from '../bench.ts';
import { inTurns, type Pairs, secondsOf } from '../pairs.ts';
import { scratchFolder } from '../scratch.ts';

const FULL_BYTES = 4 * 2 ** 30;
const FILES = 64;
const BLOCK_BYTES = 2 ** 20;

/** Our hashing of a large file and of a directory, against `openssl dgst -sha256` of the same files. */
export const hash: Bench = {
  name: 'hash',
  summary: 'a 4 GiB file and a directory of 64 files, against openssl dgst -sha256',
  async run(options) {
    return [...(await ofFile(options)), ...(await ofDirectory(options))];
  },
};

async function ofFile({ scale, repetitions, say }: BenchOptions): Promise<Reading[]> {
  const bytes = Math.ceil((FULL_BYTES * scale) / BLOCK_BYTES) * BLOCK_BYTES;
  await using folder = await scratchFolder(bytes);
  const path = join(folder.path, 'model.bin');
  say(`writing a file of ${bytes / 2 ** 20} MiB`);
  await writeBlocks(path, bytes);
  const [theirs] = await openssl([path]);
  if ((await hashFile(path)).digest !== `sha256:${theirs}`) throw new Error('openssl gives another digest');
  say(`hashing it ${repetitions} times in turns with openssl`);
  const pairs = await inTurns(
    repetitions,
    () => secondsOf(() => openssl([path])),
    () => secondsOf(() => hashFile(path)),
  );
  return readings('file', pairs, { atLeast: 1 });
}

async function ofDirectory({ scale, repetitions, say }: BenchOptions): Promise<Reading[]> {
  const bytes = Math.ceil((FULL_BYTES * scale) / FILES / BLOCK_BYTES) * BLOCK_BYTES;
  await using folder = await scratchFolder(bytes * FILES);
  const model = join(folder.path, 'model');
  await mkdir(model);
  const paths = Array.from({ length: FILES }, (_, i) =>
    join(model, `part-${String(i).padStart(2, '0')}.bin`),
  );
  say(`writing ${FILES} files of ${bytes / 2 ** 20} MiB`);
  for (const [index, path] of paths.entries()) await writeBlocks(path, bytes, index);
  const ours = (await hashDirectory(model)).files.map(({ digest }) => digest);
  const theirs = (await openssl(paths)).map((hex) => `sha256:${hex}`);
  if (ours.join() !== theirs.join()) throw new Error('openssl gives other digests');
  say(`hashing them ${repetitions} times in turns with openssl`);
  const pairs = await inTurns(
    repetitions,
    () => secondsOf(() => openssl(paths)),
    () => secondsOf(() => hashDirectory(model)),
  );
  // One processor cannot be twice as fast as itself.
  return readings('directory', pairs, availableParallelism() > 1 ? { atLeast: 1.7 } : {});
}

function readings(what: string, { ours, reference, speedup }: Pairs, limit: { atLeast?: number }): Reading[] {
  return [
    { name: `${what}: speed over openssl`, value: speedup, unit: 'ratio', ...limit },
    { name: `${what}: ours`, value: ours, unit: 's' },
    { name: `${what}: openssl`, value: reference, unit: 's' },
  ];
}

/** Bytes that are there and differ from block to block, so that no file system can make less of them. */
async function writeBlocks(path: string, bytes: number, seed = 0): Promise<void> {
  await using file = await open(path, 'w');
  const block = Buffer.alloc(BLOCK_BYTES, 'weights and biases ');
  for (let index = 0; index < bytes / BLOCK_BYTES; index += 1) {
    block.writeUInt32LE(index, 0);
    block.writeUInt32LE(seed, 4);
    await file.writeFile(block);
  }
}

/** The digests, as 64 hex digits, in the order of the files. */
async function openssl(paths: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('openssl', ['dgst', '-sha256', ...paths]);
  return [...stdout.matchAll(/= ([0-9a-f]{64})$/gm)].map(([, hex = '']) => hex);
}
