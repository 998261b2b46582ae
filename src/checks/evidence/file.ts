import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CountersignError, type Digest, digestOf } from '../../domain/index.ts';
import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';

/** A file that stays open, so that whoever reads it by path reads the bytes that were hashed. */
export interface OpenFile {
  /** On Linux the descriptor's own path, which no rename can point elsewhere. */
  readonly path: string;
  close(): Promise<void>;
}

/** A file that is being hashed while it is read otherwise: nothing that was read counts before `verified`. */
export interface UnverifiedFile extends OpenFile {
  /** Rejects with `digest_mismatch` when the bytes are not those that were submitted. */
  readonly verified: Promise<void>;
}

/**
 * The bytes of an evidence file, read once from one descriptor and verified against its digest.
 *
 * @returns a problem when the file is larger than `maxBytes`.
 * @throws CountersignError `digest_mismatch` when the bytes are not those that were submitted.
 */
export async function readEvidence(name: string, file: CheckFile, maxBytes: number): Promise<Parsed<Buffer>> {
  await using handle = await openRegular(file);
  const { size } = await handle.stat();
  if (size > maxBytes) {
    return unparsed([{ where: name, message: `is ${size} bytes; at most ${maxBytes} are read` }]);
  }
  const bytes = await handle.readFile();
  requireDigest(file, digestOf(bytes));
  return parsed(bytes);
}

/** Opens an evidence file of any size after hashing it in a stream; the caller closes it. */
export async function openEvidence(file: CheckFile): Promise<OpenFile> {
  const opened = await openUnverified(file);
  try {
    await opened.verified;
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}

/** Opens an evidence file of any size and starts to hash it; the caller awaits `verified`, then closes it. */
export async function openUnverified(file: CheckFile): Promise<UnverifiedFile> {
  const handle = await openRegular(file);
  const verified = digestOfHandle(handle).then((actual) => requireDigest(file, actual));
  // Whoever opened it hears of a mismatch when he awaits it, which may be later than it is known.
  verified.catch(() => undefined);
  const path = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : file.path;
  return { path, verified, close: () => handle.close() };
}

async function openRegular(file: CheckFile): Promise<FileHandle> {
  const handle = await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new CountersignError('integrity', `${file.path} is not a regular file`);
}

/** A megabyte at a time, or the whole of a smaller file: most are small, and a megabyte each burdens the garbage collector. */
async function digestOfHandle(handle: FileHandle): Promise<Digest> {
  const hash = createHash('sha256');
  const { size } = await handle.stat();
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(size, 1 << 20)));
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return `sha256:${hash.digest('hex')}` as Digest;
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
}

function requireDigest(file: CheckFile, actual: Digest): void {
  if (actual === file.digest) return;
  throw new CountersignError(
    'digest_mismatch',
    `${file.path} was handed over as ${file.digest} but its bytes are ${actual}`,
  );
}
