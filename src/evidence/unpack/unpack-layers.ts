import { createReadStream } from 'node:fs';
import { CountersignError, DirectoryFile } from '../../domain/index.ts';
import { sha256Hex } from '../../lib/index.ts';
import type { BlobStore } from '../blob-store.ts';
import type { Packing } from '../sources/source.ts';
import { ByteReader } from './byte-reader.ts';
import { decompress } from './decompress.ts';
import { Layer } from './layer.ts';
import { Links } from './links.ts';
import { named, overlay, pathOf, type Whiteout, whiteoutIn, whiteoutOf } from './overlay.ts';
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
  requireFewArchives(layers);
  let left = terms.limit;
  const links = new Links();
  for (const { packing, ...file } of layers) {
    if (packing === null) files.set(file.name, file);
    else {
      const { layer, given } = await unpackLayer({ ...terms, limit: left }, links, file, packing);
      files = overlay(files, layer);
      left -= given;
    }
    if (files.size > terms.mostFiles)
      throw new CountersignError('too_large', `more than ${terms.mostFiles} files`);
  }
  if (files.size > 0) return [...files].map(([name, file]) => ({ ...file, name }));
  throw new CountersignError('not_found', 'no layer of the image holds a file below /models');
}

/** Each is laid over all before it, which takes time for every file; runtimes mount no more either. */
const MOST_ARCHIVES = 500;

function requireFewArchives(layers: readonly StoredLayer[]): void {
  const count = layers.filter(({ packing }) => packing !== null).length;
  if (count <= MOST_ARCHIVES) return;
  throw new CountersignError(
    'invalid_input',
    `the image has ${count} layers that are archives, and ${MOST_ARCHIVES} is the most: put more files into each`,
  );
}

async function unpackLayer(
  terms: UnpackTerms,
  links: Links,
  { digest, bytes }: StoredFile,
  packing: Packing,
) {
  const packed = createReadStream(await terms.blobs.pathOf(digest), { signal: terms.signal });
  const reader = new ByteReader(decompress(packed, bytes, packing.compression), terms.limit);
  const layer = new Layer<StoredFile>();
  try {
    for await (const entry of tarEntries(reader)) {
      const at = placeOf(entry, packing.within, links);
      if (at === null) continue;
      if (typeof at !== 'string') layer.addWhiteout(at);
      else if (entry.kind === 'directory') layer.addFolder(at);
      else {
        layer.reserve(at);
        layer.files.set(at, await store(terms, `${digest} ${at}`, entry));
      }
      if (layer.files.size > terms.mostFiles)
        throw new CountersignError('too_large', `more than ${terms.mostFiles} files`);
    }
  } finally {
    packed.destroy();
  }
  return { layer, given: reader.given };
}

/** Where an entry lies in the artifact, or what it removes there; null for one that is no part of it. */
function placeOf(entry: TarEntry, within: string | null, links: Links): string | Whiteout | null {
  const path = pathOf(entry.name);
  if (within === null) return path === '' ? requireFolder(path, entry) : requireFile(path, entry);
  const detour = links.places(path).find((place) => place !== path && reaches(place, within));
  if (detour !== undefined)
    throw new CountersignError(
      'invalid_input',
      `the archive holds ${named(path)}, which comes to lie at ${named(detour)} where a link on its way is followed: name it by its own path`,
    );
  const whiteout = whiteoutOf(path);
  if (whiteout !== null) return whiteoutIn(within, whiteout);
  if (path === within) return requireFolder(path, entry);
  if (path.startsWith(`${within}/`)) return requireFile(path, entry).slice(within.length + 1);
  if (entry.kind === 'symbolic link') links.add(path, entry.target);
  if (entry.kind === 'hard link') links.addHard(path, entry.target);
  return null;
}

/** Whether what lies at a path is part of the artifact, or takes some of it away. */
function reaches(path: string, within: string): boolean {
  const whiteout = whiteoutOf(path);
  if (whiteout !== null) return whiteoutIn(within, whiteout) !== null;
  return path === within || path.startsWith(`${within}/`);
}

/** The path of what is part of the artifact; only that is held to our rules. */
function requireFile(path: string, { kind }: TarEntry): string {
  if (!DirectoryFile.shape.name.safeParse(path).success)
    throw new CountersignError(
      'invalid_input',
      `the archive holds ${named(path)}, which is no name of a file`,
    );
  if (kind === 'file' || kind === 'directory') return path;
  throw misplaced(path, kind, 'file');
}

function requireFolder(path: string, { kind }: TarEntry): null {
  if (kind === 'directory') return null;
  throw misplaced(path, kind, 'folder');
}

function misplaced(path: string, kind: TarEntry['kind'], wanted: 'file' | 'folder'): CountersignError {
  return new CountersignError(
    'invalid_input',
    `the archive holds a ${kind} at ${named(path)}: put the ${wanted} itself in its place`,
  );
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
