import { Readable } from 'node:stream';
import {
  type Artifact,
  CountersignError,
  type Digest,
  DirectoryFile,
  directoryArtifact,
  fileArtifact,
  listingOf,
} from '../domain/index.ts';
import { sha256Hex } from '../lib/index.ts';
import type { BlobStore } from './blob-store.ts';
import type { ArtifactSource, SourceFile, SourceListing } from './sources/source.ts';
import { type StoredFile, unpackLayers } from './unpack/unpack-layers.ts';

/** What is to be fetched. */
export interface FetchWish {
  /** Names the fetch: what a process that died left of it is gone on with. */
  readonly id: string;
  readonly uri: string;
  /** What the submitter says that it is; null where that is to be found out. */
  readonly announced: Digest | null;
}

/** What was fetched; all of it is in the blob store. */
export interface Fetched {
  readonly artifact: Artifact;
  readonly files: number;
  readonly bytes: number;
}

/** How far it is. */
export interface FetchProgress {
  readonly bytes: number;
  /** Null where the source does not say. */
  readonly total: number | null;
  readonly files: number;
}

/** How artifacts are fetched. */
export interface FetchTerms {
  readonly sources: readonly ArtifactSource[];
  readonly blobs: BlobStore;
  /** Most bytes of an artifact. */
  readonly limit: number;
  /** Milliseconds for an artifact as a whole. */
  readonly patience: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** Files at a time. */
const PARALLEL = 4;
/** As many as a submission may list. */
const MAX_FILES = 5000;

/**
 * Fetches an artifact into the blob store and tells what it is, by our own hashes. What was announced must be what came.
 *
 * @throws CountersignError `digest_mismatch` with both digests; `forbidden` for what no source covers; `not_found`, `too_large`,
 *   `unavailable`, `invalid_input`, `conflict` where the bytes cannot be had
 */
export async function fetchArtifact(
  terms: FetchTerms,
  { id, uri, announced }: FetchWish,
  onProgress: (progress: FetchProgress) => void,
): Promise<Fetched> {
  const source = sourceOf(terms.sources, uri);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, terms.signal, AbortSignal.timeout(terms.patience)]);
  try {
    const listing = await source.list(uri, signal);
    refuseOdd(listing, terms.limit);
    const single = listing.kind === 'file' ? announced : null;
    const received = await receiveAll(terms, listing.files, { id, single, signal }, onProgress);
    const files = await unpack(terms, listing, received, { id, signal });
    const artifact = await keep(terms.blobs, listing, files);
    requireAnnounced(artifact, announced);
    return { artifact, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  } finally {
    // Where one file failed the others are no longer wanted.
    stop.abort();
  }
}

/** The source that covers a URI. @throws CountersignError `forbidden` */
function sourceOf(sources: readonly ArtifactSource[], uri: string): ArtifactSource {
  const source = sources.find((each) => each.covers(uri));
  if (source !== undefined) return source;
  const known = sources.map(({ name }) => name).join(', ') || 'none';
  throw new CountersignError('forbidden', `no source under fetch.sources covers this URI; sources: ${known}`);
}

function refuseOdd({ files }: SourceListing, limit: number): void {
  if (files.length === 0) throw new CountersignError('not_found', 'there is no file under this URI');
  if (files.length > MAX_FILES) throw new CountersignError('too_large', `more than ${MAX_FILES} files`);
  const names = new Set(files.map(({ name }) => name));
  if (names.size < files.length) throw new CountersignError('invalid_input', 'two files have the same name');
  const odd = files.find(({ name }) => !DirectoryFile.shape.name.safeParse(name).success);
  if (odd !== undefined)
    throw new CountersignError('invalid_input', `${JSON.stringify(odd.name)} is no name of a file`);
  const announced = files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  if (announced > limit)
    throw new CountersignError('too_large', `${announced} bytes; ${limit} are taken at most`);
}

/** Several at a time; together they may have no more bytes than an artifact may. */
async function receiveAll(
  { blobs, limit }: FetchTerms,
  files: readonly SourceFile[],
  {
    id,
    single,
    signal,
  }: { readonly id: string; readonly single: Digest | null; readonly signal: AbortSignal },
  onProgress: (progress: FetchProgress) => void,
): Promise<StoredFile[]> {
  const counts = files.map(() => 0);
  const total = files.every(({ bytes }) => bytes !== null)
    ? files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
    : null;
  const received: StoredFile[] = [];
  const one = async (file: SourceFile, index: number) => {
    const announced = file.digest ?? single;
    const { digest, bytes } = await blobs.receive(sha256Hex(`fetch ${id} ${file.name}`), {
      announced,
      size: file.bytes,
      limit,
      open: (offset) => file.open(offset, { signal, known: announced !== null }),
      signal,
      onBytes: (count) => {
        counts[index] = count;
        const sum = counts.reduce((all, each) => all + each, 0);
        if (sum > limit)
          throw new CountersignError('too_large', `more than the ${limit} bytes that are taken`);
        onProgress({ bytes: sum, total, files: files.length });
      },
    });
    received[index] = { name: file.name, digest, bytes };
  };
  const waiting = files.entries();
  const work = async () => {
    for (const [index, file] of waiting) await one(file, index);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, files.length) }, work));
  return received;
}

/** The files that layers hold; what was received where none is an archive. */
async function unpack(
  { blobs, limit }: FetchTerms,
  listing: SourceListing,
  received: readonly StoredFile[],
  { id, signal }: { readonly id: string; readonly signal: AbortSignal },
): Promise<readonly StoredFile[]> {
  if (!isPacked(listing)) return received;
  const layers = received.map((file, index) => ({ ...file, packing: listing.files[index]?.packing ?? null }));
  return unpackLayers({ blobs, limit, mostFiles: MAX_FILES, id, signal }, layers);
}

function isPacked({ files }: SourceListing): boolean {
  return files.some(({ packing }) => packing !== undefined);
}

/** What the files are together. A directory's listing is stored too: it has the directory's digest. */
async function keep(
  blobs: BlobStore,
  listing: SourceListing,
  files: readonly StoredFile[],
): Promise<Artifact> {
  const { kind, manifest } = listing;
  const [first] = files;
  const listed = files.map(({ name, digest }) => ({ name, digest }));
  const isOne = first !== undefined && files.length === 1 && kind !== 'directory' && !isPacked(listing);
  const { digest, equivalents } = isOne ? fileArtifact(first.digest) : directoryArtifact(listed, 'model.sig');
  if (!isOne) {
    const listing = Buffer.from(listingOf(listed));
    await blobs.put(digest, Readable.from([listing]), listing.byteLength);
  }
  const also = manifest === null ? [] : [{ scheme: 'oci_manifest' as const, digest: manifest }];
  return { kind, digest, equivalents: [...equivalents, ...also] };
}

/** The submitter may know an artifact of a registry by its manifest. */
function requireAnnounced({ digest, equivalents }: Artifact, announced: Digest | null): void {
  const manifest = equivalents.find(({ scheme }) => scheme === 'oci_manifest')?.digest;
  if (announced === null || announced === digest || announced === manifest) return;
  const also = manifest === undefined ? '' : ` (manifest ${manifest})`;
  throw new CountersignError(
    'digest_mismatch',
    `the bytes have digest ${digest}${also}, but ${announced} was announced`,
  );
}
