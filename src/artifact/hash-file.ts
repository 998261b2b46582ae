import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { CountersignError, Digest } from '../domain/index.ts';
import { codeOf, openRegular } from './open-regular.ts';

/** A file's digest and its size in bytes, both of the same bytes. */
export interface HashedFile {
  readonly digest: Digest;
  readonly bytes: number;
}

/** Told how many bytes have been read so far. */
export type OnBytes = (bytes: number) => void;

const CHUNK_BYTES = 1024 * 1024;

/**
 * Hashes a regular file with SHA-256 in flat memory, whatever its size.
 *
 * @throws CountersignError `invalid_input` for what is missing, unreadable, no regular file or a symbolic link;
 *   `conflict` for a file that changed while it was read.
 */
export async function hashFile(path: string, onProgress: OnBytes = () => {}): Promise<HashedFile> {
  const { handle, stats: before } = await openRegular(path);
  await using file = handle;
  const hashed = await hashHandle(file, { path, size: Number(before.size) }, onProgress);
  const after = await file.stat({ bigint: true });
  if (after.mtimeNs !== before.mtimeNs || after.size !== BigInt(hashed.bytes)) {
    throw new CountersignError(
      'conflict',
      `${path} changed while it was read: try again once nothing writes to it`,
    );
  }
  return hashed;
}

async function hashHandle(
  file: FileHandle,
  { path, size }: { readonly path: string; readonly size: number },
  onProgress: OnBytes,
): Promise<HashedFile> {
  try {
    return await hashChunks(file, Math.min(CHUNK_BYTES, size + 1), onProgress);
  } catch (error) {
    throw new CountersignError('unavailable', `${path} could not be read to its end (${codeOf(error)})`, {
      cause: error,
    });
  }
}

/**
 * The next chunk is read by another thread while this one hashes the last.
 * @param length of a chunk; no more than a small file holds, for to make a large one takes longer than to hash that
 */
async function hashChunks(file: FileHandle, length: number, onProgress: OnBytes): Promise<HashedFile> {
  const hash = createHash('sha256');
  let [full, empty] = [Buffer.allocUnsafeSlow(length), Buffer.allocUnsafeSlow(length)];
  let bytes = 0;
  let { bytesRead } = await file.read(full, 0, length);
  while (bytesRead > 0) {
    const next = file.read(empty, 0, length);
    hash.update(full.subarray(0, bytesRead));
    bytes += bytesRead;
    onProgress(bytes);
    ({ bytesRead } = await next);
    [full, empty] = [empty, full];
  }
  return { digest: Digest.parse(`sha256:${hash.digest('hex')}`), bytes };
}
