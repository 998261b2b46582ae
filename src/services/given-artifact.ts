import { readFile } from 'node:fs/promises';
import { type CheckArtifact, MOST_MEMBERS } from '../checks/index.ts';
import {
  CountersignError,
  type Digest,
  type DirectoryFile,
  digestOf,
  fileArtifact,
  readListing,
} from '../domain/index.ts';
import type { BlobStore } from '../evidence/index.ts';
import type { Run } from '../storage/index.ts';

/** Why a check cannot look at an artifact, and what to do about it. */
export interface Unread {
  readonly message: string;
  readonly remedy: string;
}

/** An artifact as checks are given it. Nothing is passed for want of a look. */
export interface GivenArtifact {
  readonly artifact: CheckArtifact;
  /** Why checks that open the artifact cannot; null where they can. */
  readonly unread: Unread | null;
  /** The same for operators' scripts, which are given one file. */
  readonly unreadByScripts: Unread | null;
}

const NO_SCRIPT: Unread = {
  message: 'the artifact is a directory, and scripts are given one file',
  remedy: "submit the model's file by itself",
};

/** The artifact of a run, with the files of a directory. Where its bytes cannot be had nothing is at its path. */
export async function givenArtifact(
  blobs: BlobStore,
  { artifact: { kind, digest, equivalents }, missingBytes }: Run,
): Promise<GivenArtifact> {
  if (missingBytes !== null) return missing(digest, missingBytes);
  try {
    const path = await blobs.pathOf(digest);
    const artifact = { path, digest };
    if (isOneFile({ kind, digest, equivalents })) return { artifact, unread: null, unreadByScripts: null };
    const files = await filesOf(blobs, digest, path);
    const unread = files.length > MOST_MEMBERS ? tooMany(files.length) : null;
    return { artifact: { ...artifact, files }, unread, unreadByScripts: unread ?? NO_SCRIPT };
  } catch (error) {
    // Somebody removed it from the store.
    if (error instanceof CountersignError && error.code === 'not_found')
      return missing(digest, error.message);
    throw error;
  }
}

function missing(digest: Run['artifact']['digest'], reason: string): GivenArtifact {
  const unread = {
    message: `the artifact's bytes could not be had: ${reason}`,
    remedy: 'make them readable, or upload them, and submit again',
  };
  return { artifact: { path: '/nonexistent', digest }, unread, unreadByScripts: unread };
}

function tooMany(count: number): Unread {
  return {
    message: `the artifact is a directory of ${count} files, and checks look at ${MOST_MEMBERS} at most`,
    remedy: 'submit what is served and nothing else, in fewer files',
  };
}

/** Whether the digest is that of one file, not of a list of files: a file's `oms_root` follows from it. */
function isOneFile({ kind, digest, equivalents }: Run['artifact']): boolean {
  const [root] = fileArtifact(digest).equivalents;
  return kind === 'file' || (kind === 'oci' && equivalents.some((each) => each.digest === root?.digest));
}

/** @throws CountersignError `not_found` for a file that is not there, `integrity` for a list that is none */
async function filesOf(blobs: BlobStore, digest: Digest, listing: string) {
  const text = await readFile(listing, 'utf8');
  const files = digestOf(text) === digest ? readListing(text) : null;
  if (files === null)
    throw new CountersignError(
      'integrity',
      'what is stored under the digest of a directory is no list of files, or another one',
    );
  const placed = async (file: DirectoryFile) => ({ ...file, path: await blobs.pathOf(file.digest) });
  return Promise.all(files.map(placed));
}
