import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CountersignError, type Digest, hexOf, type Instant } from '../domain/index.ts';
import { DAY, sha256Hex } from '../lib/index.ts';
import { absent, settle, sizeOf } from './durable.ts';
import { addPiece, mismatch, type Piece, type PieceResult } from './partial-upload.ts';
import { type Incoming, receive } from './receive.ts';

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
  /** How much has come of an upload in pieces that somebody is making; 0 where there is none. */
  begun(upload: BegunUpload): Promise<number>;
  /** Adds a piece to an upload. @throws CountersignError `conflict`, `too_large`, `digest_mismatch` */
  add(upload: BegunUpload, piece: Piece, bytes: AsyncIterable<Uint8Array>): Promise<PieceResult>;
  /**
   * Fetches bytes, going on from what an earlier call of the same name left where their digest is known.
   * @param name of the caller's own, in hexadecimal
   * @throws CountersignError `digest_mismatch`, `too_large`, and what opening them throws
   */
  receive(name: string, incoming: Incoming): Promise<{ digest: Digest; bytes: number }>;
  /** Removes what crashes and callers left of uploads: whatever nobody has written to for a day. */
  sweep(now: Instant): Promise<void>;
}

/** An upload in pieces. Whoever else sends the same bytes has an upload of their own: nobody can spoil another's. */
export interface BegunUpload {
  readonly digest: Digest;
  /** The account that sends it. */
  readonly owner: string;
}

/** A blob store in a folder: `sha256/ab/<hex>`, files read-only. */
export function createBlobStore(folder: string, newName: () => string): BlobStore {
  const fileOf = (digest: Digest) => join(folder, 'sha256', hexOf(digest).slice(0, 2), hexOf(digest));
  const incoming = join(folder, 'incoming');
  const partialOf = ({ digest, owner }: BegunUpload) =>
    join(incoming, `${hexOf(digest)}-${sha256Hex(owner).slice(0, 16)}`);
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
    begun: async (upload) => (await sizeOf(partialOf(upload))) ?? 0,
    add: (upload, piece, bytes) => {
      const files = { partial: partialOf(upload), final: fileOf(upload.digest), announced: upload.digest };
      return addPiece(files, piece, bytes);
    },
    receive: async (name, wish) => {
      const present = wish.announced === null ? null : await sizeOf(fileOf(wish.announced));
      if (wish.announced !== null && present !== null) {
        wish.onBytes(present);
        return { digest: wish.announced, bytes: present };
      }
      const earlier = await leftOf(incoming, name, wish.announced);
      return receive({ partial: join(incoming, `${name}-${newName()}`), earlier, final: fileOf }, wish);
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
  const meter = measure(limit);
  try {
    await pipeline(bytes, meter.stream, createWriteStream(temporary, { flags: 'wx', mode: 0o444 }));
    const found = meter.digest();
    if (found !== announced) throw mismatch(announced, found);
    await settle(temporary, final);
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

/** What an earlier call left of bytes whose digest is known: of others nobody could tell whether they still belong together. */
async function leftOf(incoming: string, name: string, announced: Digest | null): Promise<string | null> {
  const names = (await readdir(incoming).catch(absent)) ?? [];
  const left = names.filter((each) => each.startsWith(`${name}-`)).map((each) => join(incoming, each));
  const kept = announced === null ? undefined : left.at(-1);
  for (const path of left) if (path !== kept) await rm(path, { force: true });
  return kept ?? null;
}

async function sweep(incoming: string, now: Instant): Promise<void> {
  const names = await readdir(incoming).catch(absent);
  for (const name of names ?? []) {
    const path = join(incoming, name);
    const info = await stat(path).catch(absent);
    if (info !== null && info.mtimeMs < Date.parse(now) - DAY) await rm(path, { force: true });
  }
}
