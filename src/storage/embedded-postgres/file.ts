import { randomUUID } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './failure.ts';

/** Whom a file is given to. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The file's text, or null when there is no such file. */
export async function readIfPresent(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch(absent);
}

/** Whether something exists at the path (a dangling link does not). */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(absent)) !== null;
}

/** For `.catch`: "there is none" is an answer, everything else an error. */
export function absent(error: unknown): null {
  const code = systemCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}

/**
 * Writes a 0600 file in one step: readers see the old text or the new, a power cut leaves one of them. Never writes
 * through a link that somebody put in its place.
 */
export async function writePrivately(path: string, text: string, owner: Owner | null = null): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    if (owner !== null) await file.chown(owner.uid, owner.gid);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
