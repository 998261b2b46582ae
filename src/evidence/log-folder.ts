import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckpointMemory } from '../domain/index.ts';

/** A folder with files that are there whole or not at all: a log as C2SP tlog-tiles lays it out. */
export interface LogFolder {
  /** Where it lies, for people. */
  readonly path: string;
  /** The bytes of a file; null where there is none. */
  read(name: string): Promise<Buffer | null>;
  /** Writes a file, or replaces it; durable once this resolves. */
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** A log's folder; made at the first write. */
export function openLogFolder(path: string): LogFolder {
  return {
    path,
    read: (name) => readFile(join(path, name)).catch(absent),
    write: (name, bytes) => replace(join(path, name), bytes),
  };
}

/** Remembers the newest checkpoint in a folder. */
export function checkpointMemory(path: string): CheckpointMemory {
  const folder = openLogFolder(path);
  return {
    read: async () => (await folder.read(CHECKPOINT))?.toString() ?? null,
    write: (note) => folder.write(CHECKPOINT, Buffer.from(note)),
  };
}

/** The name of the file with the newest checkpoint. */
export const CHECKPOINT = 'checkpoint';

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await using file = await open(aside, 'wx', 0o644);
    await file.writeFile(bytes);
    await file.sync();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await using folder = await open(dirname(path));
  await folder.sync();
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
