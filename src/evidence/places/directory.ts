import { constants } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { CountersignError, type PublishedFile } from '../../domain/index.ts';
import type { EvidenceFile, EvidencePlace, EvidenceSubject } from './place.ts';

/** Publishes into a folder: `<model>/<version>/<file>`. */
export function createDirectoryPlace(
  { name, path: root }: { readonly name: string; readonly path: string },
  newName: () => string,
): EvidencePlace {
  const pathOf = ({ modelId, modelVersion }: EvidenceSubject, file: PublishedFile) =>
    join(root, modelId, modelVersion, ...file.name.split('/'));
  const tell = (path: string) => (error: unknown) => {
    throw unusable(path, error);
  };
  return {
    name,
    put: async (subject, file) => {
      const path = pathOf(subject, file);
      await write(root, path, file, newName()).catch(tell(path));
      return true;
    },
    read: async (subject, file) => {
      const path = pathOf(subject, file);
      return read(path, file.bytes + 1).catch(tell(path));
    },
    remove: async (subject, file) => {
      const path = pathOf(subject, file);
      await rm(path, { force: true }).catch(tell(path));
      return true;
    },
    probe: async () => {
      const there = await readdir(root).catch(notMade).catch(tell(root));
      return there === null ? 'is made when something is published' : 'is a folder that can be read';
    },
  };
}

/** In one step: nobody reads half a file. */
async function write(root: string, path: string, { content }: EvidenceFile, unique: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  await refuseDetour(root, folder);
  const temporary = join(folder, `.${basename(path)}.${unique}`);
  try {
    const file = await open(temporary, 'wx', 0o644);
    await file.writeFile(content).finally(() => file.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Others may write into the folder too: a link of theirs must not lead us elsewhere. */
async function refuseDetour(root: string, folder: string): Promise<void> {
  const [top, real] = [await realpath(root), await realpath(folder)];
  if (real.startsWith(top.endsWith(sep) ? top : `${top}${sep}`)) return;
  throw new CountersignError('forbidden', `${folder} leads out of ${resolve(root)}: remove the link`);
}

async function read(path: string, limit: number): Promise<Uint8Array | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    nothingThere,
  );
  if (file === null) return null;
  try {
    const buffer = Buffer.alloc(limit);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, filled, limit - filled, filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === limit) return buffer.subarray(0, filled);
    }
  } finally {
    await file.close();
  }
}

/** A link in a file's place is not the file. */
function nothingThere(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP') return null;
  throw error;
}

/** A folder that is missing is made with its first file. */
function notMade(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function unusable(path: string, error: unknown): CountersignError {
  if (error instanceof CountersignError) return error;
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new CountersignError('unavailable', `${path} cannot be used (${code})`, { cause: error });
}
