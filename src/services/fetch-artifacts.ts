import { z } from 'zod';
import { type Artifact, CountersignError, Digest, fileArtifact, type Principal } from '../domain/index.ts';
import { type FetchProgress, fetchArtifact } from '../evidence/index.ts';
import { DAY, later, SECOND } from '../lib/index.ts';
import {
  addToOutbox,
  type Fetch,
  type FetchChange,
  findFetch,
  forgetFetches,
  insertFetch,
  updateFetch,
} from '../storage/index.ts';
import type { BaseContext, FetchContext } from './context.ts';
import { sealOfFetch } from './fetch-seal.ts';

/** An artifact to be fetched. A query may hold secrets, which would be stored and shown; only a platform is taken. */
export const FetchRequest = z.strictObject({
  uri: z
    .string()
    .max(2048)
    .regex(
      /^(https?|s3|file):\/\/[^\s?#]+$|^oci:\/\/[^\s?#]+(\?platform=[a-z0-9/._-]+)?$/,
      'expected https://…, s3://…, oci://… or file://… without query and fragment',
    )
    .refine((uri) => !/^[a-z0-9]+:\/\/[^/]*@/.test(uri), 'it holds credentials: leave them out'),
  digest: Digest.optional(),
});
export type FetchRequest = z.infer<typeof FetchRequest>;

/** Has an artifact fetched; asked again while that is under way, it is the same fetch. */
export async function requestFetch(
  { db, clock, newId }: BaseContext,
  { uri, digest }: FetchRequest,
  { subject: askedBy }: Principal,
): Promise<Fetch> {
  const askedAt = clock.now();
  const wish = { id: newId(), uri, announced: digest ?? null, askedBy, askedAt };
  return db.transaction().execute(async (tx) => {
    const { fetch, created } = await insertFetch(tx, wish);
    const job = { queue: 'fetches', name: 'fetch-artifact', payload: { fetchId: fetch.id } } as const;
    if (created) await addToOutbox(tx, job, askedAt);
    return fetch;
  });
}

/** A fetch that somebody asked for. @throws CountersignError `not_found` */
export async function requireFetch(
  { db }: Pick<BaseContext, 'db'>,
  id: string,
  { subject }: Principal,
): Promise<Fetch> {
  const fetch = await findFetch(db, id);
  if (fetch !== null && fetch.askedBy === subject) return fetch;
  throw new CountersignError('not_found', `you asked for no fetch ${id}`);
}

/** How long it is known what came of a fetch, in milliseconds: as long as somebody may still submit it. */
const KEPT_FOR = 30 * DAY;

/**
 * Fetches an artifact into the blob store, noting how far it is. Why it cannot be had is noted, and no failure of the job: only an
 * end of the process has it done again, from where it was. Safe to repeat.
 */
export async function executeFetch(ctx: FetchContext, id: string): Promise<void> {
  // Rows come with fetches, so they may go with them.
  await forgetFetches(ctx.db, later(ctx.clock.now(), -KEPT_FOR));
  const fetch = await findFetch(ctx.db, id);
  if (fetch === null || fetch.state === 'fetched' || fetch.state === 'failed') return;
  await updateFetch(ctx.db, id, { state: 'running' });
  const notes = noteTaker(ctx, id);
  try {
    const { artifact, bytes } = await fetchArtifact({ ...ctx.fetching, blobs: ctx.blobs }, fetch, notes.take);
    await notes.end();
    await endFetch(ctx, fetch, { state: 'fetched', bytes, total: bytes, artifact });
  } catch (error) {
    await notes.end();
    if (ctx.fetching.signal.aborted) throw error;
    await endFetch(ctx, fetch, { state: 'failed', failure: failureOf(error) });
  }
}

/** Notes what came of a fetch as it was asked for when it began, sealed. */
async function endFetch(ctx: FetchContext, fetch: Fetch, end: FetchChange): Promise<void> {
  const { artifact = null, failure = null } = end;
  const seal = sealOfFetch(ctx, { ...fetch, artifact, failure });
  await updateFetch(ctx.db, fetch.id, { ...end, seal, finishedAt: ctx.clock.now() });
}

function failureOf(error: unknown): NonNullable<Fetch['failure']> {
  if (error instanceof CountersignError) return { code: error.code, message: error.message };
  const { code, name } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' ? 'the disk is full' : (code ?? name);
  return { code: 'unavailable', message: `the bytes could not be stored: ${reason}` };
}

/** Notes progress once a second at most, one note after the other. */
function noteTaker({ db, clock }: FetchContext, id: string) {
  let noted = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    take: ({ bytes, total }: FetchProgress) => {
      const now = Date.parse(clock.now());
      if (now - noted < SECOND) return;
      noted = now;
      // A note that is lost is made up for by the next.
      last = last.then(() => updateFetch(db, id, { bytes, total })).catch(() => undefined);
    },
    end: () => last,
  };
}

/** What is known of an artifact without its bytes, by what the submitter or the URI says; null where that is nothing. */
export function unfetchedArtifact({ uri, announced }: Pick<Fetch, 'uri' | 'announced'>): Artifact | null {
  if (!uri.startsWith('oci:')) {
    if (announced === null) return null;
    return uri.endsWith('/')
      ? { kind: 'directory', digest: announced, equivalents: [] }
      : fileArtifact(announced);
  }
  const manifest = Digest.safeParse(/@(sha256:[0-9a-f]{64})$/.exec(uri)?.[1]).data;
  const digest = announced ?? manifest;
  // That the manifest holds these bytes is only the submitter's word: whoever could say so could have any image pass for them.
  return digest === undefined ? null : { kind: 'oci', digest, equivalents: [] };
}
