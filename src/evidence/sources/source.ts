import type { Artifact, Digest } from '../../domain/index.ts';

/** Bytes of a file from an offset on. */
export interface OpenedFile {
  /** Where they begin: 0 where the source could not go on from what was asked for. */
  readonly offset: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** How a file is opened. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  /** Whether the whole is held to a digest at its end, so that pieces may be joined that say nothing of each other. */
  readonly known: boolean;
}

/** How a file is an archive of files. */
export interface Packing {
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** The one folder of it that matters, as in the layers of a container image; null where all of it does. */
  readonly within: string | null;
}

/** A file that a source offers. */
export interface SourceFile {
  /** Its path within the artifact. */
  readonly name: string;
  /** Its size, where that is known before it is read. */
  readonly bytes: number | null;
  /** What it hashes to, where that is known before it is read. */
  readonly digest: Digest | null;
  /** Set for an archive that stands for the files in it. */
  readonly packing?: Packing;
  /** @throws CountersignError `not_found`, `forbidden`, `unavailable`, `too_large` */
  open(offset: number, options: OpenOptions): Promise<OpenedFile>;
}

/** What lies under a URI. */
export interface SourceListing {
  readonly kind: Artifact['kind'];
  readonly files: readonly SourceFile[];
  /** Digest of the OCI manifest that was read; null where there is none. */
  readonly manifest: Digest | null;
}

/** What a harmless look at a source showed. */
export interface Probe {
  /** What is said of the source, as in `the source models …`. */
  readonly shows: string;
  /** What to do where it shows that some artifacts cannot be read; null where it shows nothing of the kind. */
  readonly doubt: string | null;
}

/** Somewhere that artifacts are read from. */
export interface ArtifactSource {
  /** Its name in the configuration. */
  readonly name: string;
  /** Whether it covers a URI. */
  covers(uri: string): boolean;
  /** What lies under a URI. @throws CountersignError `invalid_input`, `not_found`, `forbidden`, `unavailable`, `too_large` */
  list(uri: string, signal: AbortSignal): Promise<SourceListing>;
  /**
   * Looks whether it answers, and takes our credentials, without reading an artifact.
   * @throws CountersignError `not_found`, `forbidden`, `unavailable`
   */
  probe(signal: AbortSignal): Promise<Probe>;
}
