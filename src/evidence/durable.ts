import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Gives finished bytes their name, for good: whatever happens next, it is there with all of them or not at all. */
export async function settle(temporary: string, final: string): Promise<void> {
  const made = await mkdir(dirname(final), { recursive: true });
  await flush(temporary);
  await rename(temporary, final);
  await flushFolders(dirname(final), made);
}

/** A file's size in bytes; null where there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(absent))?.size ?? null;
}

/** Turns "there is no such file" into null. */
export function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
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

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
