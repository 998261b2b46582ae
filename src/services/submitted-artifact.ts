import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type Artifact,
  CountersignError,
  Digest,
  DirectoryFile,
  directoryArtifact,
  fileArtifact,
  listingOf,
  type Principal,
} from '../domain/index.ts';
import { type Fetch, findFetch } from '../storage/index.ts';
import type { SubmissionContext } from './context.ts';
import { unfetchedArtifact } from './fetch-artifacts.ts';
import { refuseUnsealed, type SealedFetchContext } from './fetch-seal.ts';

/** How a submission names its artifact: a file's digest, every file of a directory, or what was fetched by URI. */
export const SubmittedArtifact = z.union([
  Digest,
  z.strictObject({
    files: z
      .array(DirectoryFile)
      .min(1)
      .max(5000)
      .refine(
        (files) => new Set(files.map(({ name }) => name)).size === files.length,
        'a file is named twice',
      ),
  }),
  z.strictObject({ fetch: z.string().min(1).max(64) }),
]);
type SubmittedArtifact = z.infer<typeof SubmittedArtifact>;

/** The artifact that a submission names. */
export interface NamedArtifact {
  readonly artifact: Artifact;
  /** Bytes that must have been uploaded. */
  readonly uploaded: readonly { readonly name?: string; readonly digest: Digest }[];
  /** Why its bytes could not be had; null where they are there. */
  readonly missing: string | null;
}

/**
 * The artifact that a submission names, and what of it must be in the blob store.
 *
 * @throws CountersignError `not_found` for a fetch that nobody, or somebody else, asked for; `conflict` while it is under way;
 *   `digest_mismatch` where other bytes came than were announced; `invalid_input` where nothing is known of the artifact;
 *   `integrity` where it was not the fetcher who said what came of it
 */
export async function submittedArtifact(
  ctx: Pick<SubmissionContext, 'db'> & SealedFetchContext,
  submitted: SubmittedArtifact,
  submitter: Principal,
): Promise<NamedArtifact> {
  if (typeof submitted === 'string')
    return { artifact: fileArtifact(submitted), uploaded: [{ digest: submitted }], missing: null };
  if ('files' in submitted)
    return { artifact: directoryOf(submitted.files), uploaded: submitted.files, missing: null };
  const fetch = await findFetch(ctx.db, submitted.fetch);
  if (fetch === null || fetch.askedBy !== submitter.subject)
    throw new CountersignError('not_found', `you asked for no fetch ${submitted.fetch}`);
  if (fetch.artifact !== null || fetch.failure !== null) await refuseUnsealed(ctx, fetch);
  return fetchedArtifact(fetch);
}

function fetchedArtifact(fetch: Fetch): NamedArtifact {
  const { artifact, failure, id } = fetch;
  if (artifact !== null) return { artifact, uploaded: [{ digest: artifact.digest }], missing: null };
  if (failure === null) throw new CountersignError('conflict', `fetch ${id} is under way: wait for its end`);
  if (failure.code === 'digest_mismatch') throw new CountersignError('digest_mismatch', failure.message);
  const known = unfetchedArtifact(fetch);
  if (known !== null) return { artifact: known, uploaded: [], missing: failure.message };
  const message = `the artifact could not be fetched: ${failure.message}`;
  const fix = 'make it readable, or say what it is with --digest: then the run goes on without its bytes';
  throw new CountersignError('invalid_input', message, { problems: [{ where: 'artifact', message, fix }] });
}

/** A directory is stored as the list of its files: that has the directory's digest. */
export async function keepListing(
  { blobs }: Pick<SubmissionContext, 'blobs'>,
  artifact: SubmittedArtifact,
): Promise<void> {
  if (typeof artifact === 'string' || !('files' in artifact)) return;
  const listing = Buffer.from(listingOf(artifact.files));
  await blobs.put(directoryOf(artifact.files).digest, Readable.from([listing]), listing.byteLength);
}

/** What `model.sig` signs of a directory leaves itself out. */
function directoryOf(files: readonly DirectoryFile[]): Artifact {
  return directoryArtifact(files, 'model.sig');
}
