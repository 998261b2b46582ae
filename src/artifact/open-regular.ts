import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type CountersignError, invalidInput } from '../domain/index.ts';

/** Never through a link, and never waiting for a writer at the other end of a pipe. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens a regular file to read.
 *
 * @throws CountersignError `invalid_input` for what is missing, unreadable, no regular file or a symbolic link.
 */
export async function openRegular(path: string): Promise<{ handle: FileHandle; stats: BigIntStats }> {
  const handle = await opened(path);
  const stats = await handle.stat({ bigint: true });
  if (stats.isFile()) return { handle, stats };
  await handle.close();
  throw refused(path, kindOf(stats), 'give the path of a regular file');
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    throw openError(path, error);
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

/** The system's code of an error, such as `EIO`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
