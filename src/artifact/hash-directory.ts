import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type Artifact,
  CountersignError,
  type DirectoryFile,
  directoryArtifact,
  invalidInput,
} from '../domain/index.ts';
import type { OnBytes } from './hash-file.ts';
import { hashFiles } from './hash-pool.ts';
import { type Entry, walk } from './walk.ts';

/** A directory's digests, its size in bytes, and the digest of each file in the byte order of their names. */
export interface HashedDirectory {
  readonly artifact: Artifact;
  readonly bytes: number;
  readonly files: readonly (DirectoryFile & { readonly bytes: number })[];
}

/** How a directory is hashed. */
export interface HashDirectoryOptions {
  /** Threads that hash; as many as there are processors unless given. */
  readonly threads?: number;
  /** Name of an OpenSSF model signature in the directory; `model.sig` unless given. */
  readonly signature?: string;
  readonly onProgress?: OnBytes;
}

/**
 * Hashes every file of a directory, hidden ones too: nothing that would be deployed may go unseen.
 *
 * @throws CountersignError `invalid_input` for what is no directory, holds no file, or holds what is neither file nor
 *   directory; `conflict` when anything in it changed, came or went meanwhile.
 */
export async function hashDirectory(
  path: string,
  {
    threads = availableParallelism(),
    signature = 'model.sig',
    onProgress = () => {},
  }: HashDirectoryOptions = {},
): Promise<HashedDirectory> {
  const before = await walk(path);
  const entries = before.filter(({ isFile }) => isFile).sort(byName);
  if (entries.length === 0) {
    throw invalidInput('the directory', [{ where: path, message: 'holds no file', fix: 'check the path' }]);
  }
  const wanted = entries.map(({ name, bytes }) => ({ path: join(path, name), bytes }));
  const hashed = await hashFiles(wanted, threads, onProgress);
  requireUnchanged(path, before, await walk(path));
  const files = hashed.map((file, index) => ({ name: entries[index]?.name ?? '', ...file }));
  return {
    artifact: directoryArtifact(files, signature),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files,
  };
}

function byName(one: Entry, other: Entry): number {
  return Buffer.compare(Buffer.from(one.name), Buffer.from(other.name));
}

/** A file that was swapped and swapped back has another time of its own, which nobody can set. */
function requireUnchanged(path: string, before: readonly Entry[], after: readonly Entry[]): void {
  const states = new Map(after.map(({ name, state }) => [name, state]));
  const changed = before.find(({ name, state }) => states.get(name) !== state);
  if (changed === undefined && states.size === before.length) return;
  throw new CountersignError(
    'conflict',
    `${join(path, changed?.name ?? '')} changed while it was read: try again once nothing writes to it`,
  );
}
