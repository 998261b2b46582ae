import { randomUUID } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file to be made whole or not at all. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** Becomes the file's time of modification. */
  readonly at: Date;
}

/**
 * Creates a file so that it is there complete or not at all, and never replaces one: written aside, made durable, then
 * linked to its name. Whoever comes second finds the first one's file.
 */
export async function createFile(file: NewFile): Promise<void> {
  await writeAside(file, linkUnlessThere);
}

/** Writes a file so that at its name there is the old one or the new one, whole, whenever one looks. */
export async function replaceFile(file: NewFile): Promise<void> {
  await writeAside(file, rename);
}

async function writeAside(
  { path, text, mode, at }: NewFile,
  move: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await using file = await open(aside, 'wx', mode);
    await file.writeFile(text);
    await file.utimes(at, at);
    await file.sync();
    await move(aside, path);
  } finally {
    await unlink(aside).catch(() => undefined);
  }
  await using directory = await open(dirname(path));
  await directory.sync();
}

async function linkUnlessThere(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}

/** Whether an error is the system's, with this code. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
