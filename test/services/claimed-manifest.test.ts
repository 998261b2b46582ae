import { afterEach, beforeEach, expect, it } from 'vitest';
import { signStatement } from '../../src/attestation/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import {
  executeFetch,
  executeRun,
  FetchRequest,
  judgeArtifact,
  requestFetch,
  Submission,
  submitRun,
} from '../../src/services/index.ts';
import { appendStatement } from '../../src/storage/index.ts';
import { openWatched, type Watched } from './watched.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const GOOD = digestOf('good weights');
const EVIL = digestOf('manifest of an evil image');
const MALLORY = { subject: 'ci:mallory', person: null };

let watched: Watched;
beforeEach(async () => {
  watched = await openWatched();
  await watched.governance.govern({ ...NAME, artifact: GOOD });
  await watched.tick();
});
afterEach(() => watched[Symbol.asyncDispose]());

/** Submits the governed bytes as what lies under another manifest, which nobody can fetch. */
async function claim() {
  const { context, pipeline } = watched.governance;
  const fetching = { sources: [], limit: 1e6, patience: 1000, signal: new AbortController().signal };
  const ctx = { ...context, fetching };
  const uri = `oci://registry.example.com/team/models@${EVIL}`;
  const { id } = await requestFetch(ctx, FetchRequest.parse({ uri, digest: GOOD }), MALLORY);
  await executeFetch(ctx, id);
  const submission = { ...NAME, artifact: { fetch: id }, pipeline: pipeline.digest, evidence: [] };
  const { run } = await submitRun(ctx, Submission.parse({ ...submission, attempt: 'new' }), MALLORY);
  await executeRun(ctx, run.id);
  return run;
}

it('takes nobody’s word for it that a manifest holds governed bytes', async () => {
  const run = await claim();
  expect(run.artifact).toEqual({ kind: 'oci', digest: GOOD, equivalents: [] });
  for (const name of [NAME, undefined]) {
    const query = { artifact: EVIL, environment: 'production', ...(name && { name }) };
    expect(await judgeArtifact(watched.context, query)).toMatchObject({ allowed: false, artifact: EVIL });
  }
  watched.place.deploy('eu', 'fraud-detection@4.1.2', { digest: EVIL });
  await watched.tick();
  expect(await watched.kinds()).toContain('hash_mismatch');
});

/** Has the worker say of a run that failed what a release before this one took a submitter's word for. */
async function sayOfFailedRun() {
  const { db } = watched.database;
  const { workerSigner, clock } = watched.governance.context;
  const { bundle } = await db
    .selectFrom('ledger')
    .select('bundle')
    .where('kind', '=', 'stage-result/v1')
    .limit(1)
    .executeTakeFirstOrThrow();
  const { dsseEnvelope } = JSON.parse(bundle);
  const { predicate } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString());
  const equivalents = [{ scheme: 'oci_manifest', digest: EVIL }];
  const artifact = { kind: 'oci', digest: GOOD, equivalents };
  const body = { ...predicate, artifact, runId: 'failed', outcome: 'failed', performedAt: clock.now() };
  const signed = await signStatement(workerSigner, { kind: 'stage-result/v1', body }, body.artifact);
  await db.transaction().execute((tx) => appendStatement(tx, signed, clock.now()));
}

it('lets no manifest serve by what is said of it in a run that failed', async () => {
  await sayOfFailedRun();
  const { context, govern } = watched.governance;
  const query = { artifact: EVIL, environment: 'production', name: NAME };
  expect(await judgeArtifact(context, query)).toMatchObject({ allowed: false });
  await govern({ ...NAME, artifact: GOOD });
  expect(await judgeArtifact(context, { ...query, artifact: GOOD })).toMatchObject({ allowed: true });
  expect(await judgeArtifact(context, query)).toMatchObject({ allowed: false, artifact: EVIL });
});
