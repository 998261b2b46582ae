import { constants } from 'node:fs';
import { access, lstat } from 'node:fs/promises';
import type { Problem } from '../../lib/index.ts';

/** What stands in the way of reading a file, found without reading it; null when nothing does. */
export async function fileProblem(flag: string, path: string): Promise<Problem | null> {
  const where = `${flag} ${path}`;
  try {
    const info = await lstat(path);
    if (info.isDirectory()) return { where, message: 'it is a directory', fix: 'name a file' };
    if (info.isSymbolicLink())
      return { where, message: 'it is a symbolic link', fix: 'name the file that it points to' };
    if (!info.isFile()) return { where, message: 'it is no regular file', fix: 'name a file' };
    await access(path, constants.R_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { where, message: REASONS[code] ?? `it cannot be read (${code})`, fix: 'check the path' };
  }
}

/** As `fileProblem`, of what may be a directory too: what is in that is found out when it is hashed. */
export async function artifactProblem(flag: string, path: string): Promise<Problem | null> {
  const info = await lstat(path).catch(() => null);
  return info?.isDirectory() === true ? null : fileProblem(flag, path);
}

/** Whether a file has no bytes: as an artifact it is no model, but what an export that broke off leaves behind. */
export async function emptyProblem(flag: string, path: string): Promise<Problem | null> {
  const info = await lstat(path).catch(() => null);
  if (info?.isFile() !== true || info.size > 0) return null;
  return { where: `${flag} ${path}`, message: 'it is empty (0 bytes)', fix: 'export the model again' };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'it may not be read by this user',
};
