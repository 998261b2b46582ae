import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CountersignError, type Digest, hexOf, type Instant } from '../domain/index.ts';
import { DAY } from '../lib/index.ts';

/** Bytes by their digest. What is in the store has been hashed by us. */
export interface BlobStore {
  has(digest: Digest): Promise<boolean>;
  /** Path of a blob, read-only. @throws CountersignError `not_found` */
  pathOf(digest: Digest): Promise<string>;
  /**
   * Stores a stream of any size in flat memory, atomically: the bytes are there for good, or not at all. A crash leaves
   * a file that `sweep` removes.
   * @throws CountersignError `digest_mismatch` when the bytes are not those announced; `too_large`
   */
  put(announced: Digest, bytes: AsyncIterable<Uint8Array>, limit: number): Promise<{ bytes: number }>;
}

/** A blob store with the folder that it lies in to look after. */
export interface BlobFolder extends BlobStore {
  /** Removes what crashes left of uploads: whatever nobody has written to for a day. */
  sweep(now: Instant): Promise<void>;
}

/** A blob store in a folder: `sha256/ab/<hex>`, files read-only. */
export function createBlobStore(folder: string, newName: () => string): BlobFolder {
  const fileOf = (digest: Digest) => join(folder, 'sha256', hexOf(digest).slice(0, 2), hexOf(digest));
  const incoming = join(folder, 'incoming');
  const has = async (digest: Digest) => (await sizeOf(fileOf(digest))) !== null;
  return {
    has,
    pathOf: async (digest) => {
      if (await has(digest)) return fileOf(digest);
      throw new CountersignError('not_found', `there are no bytes with digest ${digest}`);
    },
    put: async (announced, bytes, limit) => {
      const present = await sizeOf(fileOf(announced));
      if (present !== null) return { bytes: present };
      return store(announced, bytes, limit, join(incoming, newName()), fileOf(announced));
    },
    sweep: (now) => sweep(incoming, now),
  };
}

async function store(
  announced: Digest,
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
  temporary: string,
  final: string,
): Promise<{ bytes: number }> {
  await mkdir(dirname(temporary), { recursive: true });
  const made = await mkdir(dirname(final), { recursive: true });
  const meter = measure(limit);
  try {
    await pipeline(bytes, meter.stream, createWriteStream(temporary, { flags: 'wx', mode: 0o444 }));
    const found = meter.digest();
    if (found !== announced) throw mismatch(announced, found);
    await flush(temporary);
    await rename(temporary, final);
    await flushFolders(dirname(final), made);
    return { bytes: meter.bytes() };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function measure(limit: number) {
  const hash = createHash('sha256');
  let count = 0;
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      count += chunk.byteLength;
      hash.update(chunk);
      if (count > limit) done(new CountersignError('too_large', `more than ${limit} bytes`));
      else done(null, chunk);
    },
  });
  return { stream, bytes: () => count, digest: () => `sha256:${hash.digest('hex')}` as Digest };
}

function mismatch(announced: Digest, found: Digest): CountersignError {
  return new CountersignError(
    'digest_mismatch',
    `the bytes have digest ${found}, but ${announced} was announced`,
    {
      problems: [
        {
          where: 'body',
          message: `expected ${announced}, got ${found}`,
          fix: 'send the file again; nothing was stored',
        },
      ],
    },
  );
}

/** A new name lasts when its folder is written out, and a new folder when the one that holds it is. */
async function flushFolders(folder: string, firstMade: string | undefined): Promise<void> {
  await flush(folder);
  if (firstMade === undefined) return;
  const outermost = dirname(firstMade);
  for (let above = folder; above !== outermost; ) {
    above = dirname(above);
    await flush(above);
  }
}

async function sweep(incoming: string, now: Instant): Promise<void> {
  const names = await readdir(incoming).catch(absent);
  for (const name of names ?? []) {
    const path = join(incoming, name);
    const info = await stat(path).catch(absent);
    if (info !== null && info.mtimeMs < Date.parse(now) - DAY) await rm(path, { force: true });
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(absent))?.size ?? null;
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
