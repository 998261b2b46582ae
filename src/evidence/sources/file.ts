import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, opendir, realpath } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRegular, walk } from '../../artifact/index.ts';
import { CountersignError } from '../../domain/index.ts';
import type { ArtifactSource, Probe, SourceFile } from './source.ts';

/** Reads files and directories below a shared folder. Nothing leads out of it: links are refused wherever they stand. */
export function createFileSource({
  name,
  root,
}: {
  readonly name: string;
  readonly root: string;
}): ArtifactSource {
  return {
    name,
    covers: (uri) => isWithin(pathOf(uri), root),
    list: async (uri) => {
      const path = pathOf(uri) ?? '';
      const stats = await lstat(path, { bigint: true }).catch(() => null);
      if (stats === null)
        throw new CountersignError('not_found', `${path} does not exist, or cannot be seen`);
      await refuseDetour(path, path, root);
      if (!stats.isDirectory())
        return {
          kind: 'file',
          files: [fileAt(path, basename(path), root, Number(stats.size))],
          manifest: null,
        };
      const entries = (await walk(path)).filter(({ isFile }) => isFile);
      const files = entries.map((entry) => fileAt(join(path, entry.name), entry.name, root, entry.bytes));
      return { kind: 'directory', files, manifest: null };
    },
    probe: () => probeFolder(root),
  };
}

async function probeFolder(root: string): Promise<Probe> {
  try {
    await (await opendir(root)).close();
    return { shows: 'is a folder that can be read', doubt: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CountersignError('unavailable', `${root} is no folder that can be read (${code})`);
  }
}

function fileAt(path: string, name: string, root: string, bytes: number): SourceFile {
  return {
    name,
    bytes,
    digest: null,
    open: async (_offset, { signal }) => {
      const { handle, stats } = await openRegular(path);
      try {
        // What was opened counts, not what the path led to before: a folder on the way may have become a link.
        await refuseDetour(path, `/proc/self/fd/${handle.fd}`, root);
      } catch (error) {
        await handle.close();
        throw error;
      }
      return { offset: 0, bytes: unchanging(handle, stats, path, signal) };
    },
  };
}

async function* unchanging(file: FileHandle, before: BigIntStats, path: string, signal: AbortSignal) {
  try {
    const stream = file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 });
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      yield chunk;
    }
    const after = await file.stat({ bigint: true });
    if (after.mtimeNs !== before.mtimeNs || after.size !== before.size)
      throw new CountersignError('conflict', `${path} changed while it was read`);
  } finally {
    await file.close();
  }
}

async function refuseDetour(path: string, opened: string, root: string): Promise<void> {
  const [real, top] = await Promise.all([realpath(opened), realpath(root)]).catch(() => [null, null]);
  if (real !== null && top !== null && real === join(top, path.slice(root.length))) return;
  throw new CountersignError('forbidden', `${path} leads elsewhere by a symbolic link`);
}

function pathOf(uri: string): string | null {
  const url = URL.parse(uri);
  if (url?.protocol !== 'file:' || url.host !== '' || url.search !== '' || url.hash !== '') return null;
  try {
    return fileURLToPath(url).replace(/\/+$/, '');
  } catch {
    return null;
  }
}

function isWithin(path: string | null, root: string): boolean {
  return path !== null && (path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`));
}
