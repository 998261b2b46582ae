import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { CountersignError, Digest, invalidInput } from '../domain/index.ts';

/** A file's digest and its size in bytes, both of the same bytes. */
export interface HashedFile {
  readonly digest: Digest;
  readonly bytes: number;
}

/** Told how many bytes have been read so far. */
type OnBytes = (bytes: number) => void;

const CHUNK_BYTES = 1024 * 1024;
/** Never through a link, and never waiting for a writer at the other end of a pipe. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Hashes a regular file with SHA-256 in flat memory, whatever its size.
 *
 * @throws CountersignError `invalid_input` for what is missing, unreadable, no regular file or a symbolic link;
 *   `conflict` for a file that changed while it was read.
 */
export async function hashFile(path: string, onProgress: OnBytes = () => {}): Promise<HashedFile> {
  await using file = await openRegular(path);
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) throw refused(path, kindOf(before), 'give the path of a regular file');
  const hashed = await hashHandle(file, path, onProgress);
  const after = await file.stat({ bigint: true });
  if (after.mtimeNs !== before.mtimeNs || after.size !== BigInt(hashed.bytes)) {
    throw new CountersignError(
      'conflict',
      `${path} changed while it was read: try again once nothing writes to it`,
    );
  }
  return hashed;
}

async function openRegular(path: string): Promise<FileHandle> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    throw openError(path, error);
  }
}

async function hashHandle(file: FileHandle, path: string, onProgress: OnBytes): Promise<HashedFile> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let bytes = 0;
  try {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return { digest: Digest.parse(`sha256:${hash.digest('hex')}`), bytes };
      hash.update(chunk.subarray(0, bytesRead));
      bytes += bytesRead;
      onProgress(bytes);
    }
  } catch (error) {
    throw new CountersignError('unavailable', `${path} could not be read to its end (${codeOf(error)})`, {
      cause: error,
    });
  }
}

function openError(path: string, error: unknown): CountersignError {
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return refused(path, 'does not exist', 'check the path');
    case 'EACCES':
    case 'EPERM':
      return refused(path, 'may not be read by this user', 'give this user the right to read it');
    case 'ELOOP':
      return refused(path, 'is a symbolic link', 'give the path of the file that it points to');
    case 'ENXIO':
      return refused(path, 'is a socket or a device', 'give the path of a regular file');
    default:
      return refused(path, `cannot be opened (${code})`, 'check the path');
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'is a directory';
  if (stats.isFIFO()) return 'is a pipe';
  return 'is not a regular file';
}

function refused(path: string, message: string, fix: string): CountersignError {
  return invalidInput('the file', [{ where: path, message, fix }]);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
