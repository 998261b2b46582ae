import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { CountersignError, DirectoryFile } from '../../domain/index.ts';
import { sha256Hex } from '../../lib/index.ts';
import type { BlobStore } from '../blob-store.ts';
import type { Packing } from '../sources/source.ts';
import { ByteReader } from './byte-reader.ts';
import { foldersOf, named, overlay, pathOf, whiteoutOf } from './overlay.ts';
import { type TarEntry, tarEntries } from './tar-entries.ts';

/** A file of an artifact that is in the store. */
export type StoredFile = DirectoryFile & { readonly bytes: number };

/** A layer that is in the store: a file as it is, or an archive of files. */
export interface StoredLayer extends StoredFile {
  /** Null for a file as it is. */
  readonly packing: Packing | null;
}

/** How layers are unpacked. */
export interface UnpackTerms {
  readonly blobs: BlobStore;
  /** Most bytes of all layers together, unpacked, wanted or not. */
  readonly limit: number;
  /** Most files. */
  readonly mostFiles: number;
  /** Names the fetch. */
  readonly id: string;
  readonly signal: AbortSignal;
}

/**
 * The files that layers hold together, each laid over those before it, all of them stored. Nothing is written under a name of an
 * archive's: each file goes into the store under its digest.
 *
 * @throws CountersignError `invalid_input` for links, devices, paths that leave the archive and archives that can be read in two
 *   ways; `too_large`
 */
export async function unpackLayers(
  terms: UnpackTerms,
  layers: readonly StoredLayer[],
): Promise<readonly StoredFile[]> {
  let files = new Map<string, StoredFile>();
  let left = terms.limit;
  for (const layer of layers) {
    const { packing, ...file } = layer;
    if (packing === null) files.set(file.name, file);
    else {
      const change = await unpackLayer({ ...terms, limit: left }, file, packing);
      files = overlay(files, change);
      left -= change.given;
    }
    if (files.size > terms.mostFiles)
      throw new CountersignError('too_large', `more than ${terms.mostFiles} files`);
  }
  if (files.size > 0) return [...files].map(([name, file]) => ({ ...file, name }));
  throw new CountersignError('not_found', 'no layer of the image holds a file below /models');
}

async function unpackLayer(terms: UnpackTerms, { digest }: StoredFile, { compression, within }: Packing) {
  const packed = createReadStream(await terms.blobs.pathOf(digest), { signal: terms.signal });
  const reader = new ByteReader(unpacked(packed, compression), terms.limit);
  const files = new Map<string, StoredFile>();
  const folders = new Set<string>();
  const removed = new Set<string>();
  const emptied = new Set<string>();
  try {
    for await (const entry of tarEntries(reader)) {
      const path = wanted(pathOf(entry.name), entry, within);
      if (path === null) continue;
      const whiteout = within === null ? null : whiteoutOf(path);
      if (whiteout !== null && 'removed' in whiteout) removed.add(whiteout.removed);
      else if (whiteout !== null) emptied.add(whiteout.emptied);
      else if (entry.kind === 'directory') folders.add(path);
      else {
        requireNew(path, files, folders);
        files.set(path, await store(terms, `${digest} ${path}`, entry));
      }
      if (files.size > terms.mostFiles)
        throw new CountersignError('too_large', `more than ${terms.mostFiles} files`);
    }
  } finally {
    packed.destroy();
  }
  return { files, folders, removed, emptied, given: reader.given };
}

/** The bytes of an archive, whatever it is packed by. Damage is told in our words. */
async function* unpacked(packed: Readable, compression: Packing['compression']): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* packed;
    return;
  }
  const unpacker = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  // Whoever reads hears of what goes wrong.
  pipeline(packed, unpacker, () => undefined);
  try {
    yield* unpacker;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (!/^Z(?:STD)?_/.test(code)) throw cause;
    throw new CountersignError('invalid_input', `the archive is no whole ${compression} data`, { cause });
  }
}

/** Where an entry lies in the artifact; null for one that is no part of it. Only what is part of it is held to our rules. */
function wanted(path: string, { kind }: TarEntry, within: string | null): string | null {
  const isTop = path === (within ?? '');
  const isInside = within === null ? !isTop : path.startsWith(`${within}/`);
  const isWhiteout = within !== null && whiteoutOf(path) !== null;
  if (!isInside && !isWhiteout && !isTop) return null;
  if (isInside && !DirectoryFile.shape.name.safeParse(path).success)
    throw new CountersignError(
      'invalid_input',
      `the archive holds ${named(path)}, which is no name of a file`,
    );
  if (kind === 'file' ? !isTop : kind === 'directory') return inside(path, within);
  const what = kind === 'link' ? 'a link' : kind === 'file' ? 'a file' : 'a device';
  throw new CountersignError(
    'invalid_input',
    `the archive holds ${what} at ${named(path)}: put the file itself in its place`,
  );
}

/** A whiteout beside or above the folder may take all of it away. */
function inside(path: string, within: string | null): string | null {
  if (within === null) return path;
  if (path.startsWith(`${within}/`)) return path.slice(within.length + 1);
  const whiteout = whiteoutOf(path);
  const all = [within, ...foldersOf(within)];
  if (whiteout === null) return null;
  const gone = 'removed' in whiteout ? whiteout.removed : whiteout.emptied;
  return all.includes(gone) ? '.wh..wh..opq' : null;
}

function requireNew(path: string, files: ReadonlyMap<string, unknown>, folders: ReadonlySet<string>): void {
  const isTwo = files.has(path) || folders.has(path) || foldersOf(path).some((folder) => files.has(folder));
  if (!isTwo) return;
  throw new CountersignError('invalid_input', `the archive holds ${named(path)} twice`);
}

async function store({ blobs, limit, id, signal }: UnpackTerms, name: string, entry: TarEntry) {
  const stored = await blobs.receive(sha256Hex(`fetch ${id} ${name}`), {
    announced: null,
    size: entry.size,
    limit,
    open: async () => ({ offset: 0, bytes: entry.bytes() }),
    signal,
    onBytes: () => undefined,
  });
  return { name, ...stored };
}
