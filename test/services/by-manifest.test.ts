import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { type Digest, digestOf, ofKind } from '../../src/domain/index.ts';
import { createBlobStore, createOciPlace, createOciSource } from '../../src/evidence/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';
import { digestCompleter } from '../../src/services/complete-digest.ts';
import { describeAlert } from '../../src/services/describe-alert.ts';
import {
  executeFetch,
  executeRun,
  exportRecord,
  FetchRequest,
  judgeArtifact,
  lookUpArtifact,
  publishEvidence,
  requestFetch,
  Submission,
  submitRun,
} from '../../src/services/index.ts';
import { compileDossier } from '../../src/services/judge-artifact.ts';
import {
  inputReports,
  latestRunOf,
  listDeployments,
  stageResultsOf,
  trainingToProduction,
} from '../../src/storage/index.ts';
import {
  ACCOUNT,
  openTestRepository,
  pushFiles,
  type RegistryClient,
  startRegistry,
  type TestRegistry,
} from '../evidence/registry.ts';
import { describeWithPart } from '../support/parts.ts';
import { openWatched, type Watched } from './watched.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const SUBMITTER = { subject: 'ci:build', person: 'sam' };
const WEIGHTS = Buffer.from('the weights in the registry');

describeWithPart('docker-registry', 'an artifact of a registry, known by its manifest', (program) => {
  let server: TestRegistry;
  let registry: RegistryClient;
  let watched: Watched;
  let folder: string;
  let manifest: Digest;
  /** Never submitted, with the same weights. */
  let other: Digest;

  beforeAll(async () => {
    [server, watched] = await Promise.all([startRegistry(program), openWatched()]);
    folder = await mkdtemp(join(tmpdir(), 'countersign-manifest-'));
    registry = openTestRepository(server, 'team/models');
    manifest = await pushFiles(registry, { 'model.onnx': WEIGHTS }, '4.1.2');
    other = await pushFiles(registry, { 'renamed.onnx': WEIGHTS }, 'other');
  });
  afterAll(async () => {
    await Promise.all([server[Symbol.asyncDispose](), watched[Symbol.asyncDispose]()]);
    await rm(folder, { recursive: true });
  });

  const repository = () => `oci://${server.host}/team/models`;
  const verdictOn = (artifact: Digest, name = NAME) =>
    judgeArtifact(watched.context, { artifact, environment: 'production', name });

  /** Has the manifest fetched, or not, as the source's credentials are, and runs the pipeline on it. */
  async function submit(credentials: typeof ACCOUNT | null) {
    const { context } = watched.governance;
    const hosts = [`http://${server.host}`, `http://${new URL(server.realm).host}`];
    const outbound = createOutbound({ hosts, addresses: ['127.0.0.0/8'], ca: null });
    const settings = { name: 'registry', from: repository(), plainHttp: true };
    const source = createOciSource({ ...settings, credentials: async () => credentials }, outbound);
    const { signal } = new AbortController();
    const fetching = { sources: [source], limit: 1e6, patience: 30_000, signal };
    const fetched = { ...context, blobs: createBlobStore(folder, randomUUID), fetching };
    const uri = `${repository()}@${manifest}`;
    const fetch = await requestFetch(fetched, FetchRequest.parse({ uri, digest: manifest }), SUBMITTER);
    await executeFetch(fetched, fetch.id);
    const submission = {
      ...NAME,
      artifact: { fetch: fetch.id },
      pipeline: watched.governance.pipeline.digest,
      trainedAt: '2026-11-23T08:00:00.000Z',
    };
    const { run } = await submitRun(fetched, Submission.parse({ ...submission, evidence: [] }), SUBMITTER);
    await executeRun(fetched, run.id);
    return run;
  }

  it('waits for its approval, though its bytes could not be had the first time', async () => {
    const without = await submit(null);
    expect(without.artifact.digest).toBe(manifest);
    expect(await verdictOn(manifest)).toMatchObject({ status: 'pending', manifest: null });
    const run = await submit(ACCOUNT);
    expect(run.artifact).toMatchObject({ kind: 'oci', digest: digestOf(WEIGHTS) });
    expect(await verdictOn(manifest)).toMatchObject({
      status: 'pending',
      artifact: digestOf(WEIGHTS),
      manifest,
      basis: { runId: run.id },
    });
    for (const person of ['lea', 'cora']) await watched.governance.answer(run, person, 'approved');
    expect(await stageResultsOf(watched.database.db, run.id)).toHaveLength(3);
  });

  it('may be deployed by either digest, and by no manifest that was not recorded', async () => {
    for (const artifact of [manifest, digestOf(WEIGHTS)])
      expect(await verdictOn(artifact)).toMatchObject({ allowed: true, artifact: digestOf(WEIGHTS) });
    expect(await verdictOn(other)).toMatchObject({ status: 'ungoverned', artifact: other, manifest: null });
    expect(await verdictOn(manifest, { ...NAME, modelVersion: '9' })).toMatchObject({ allowed: false });
  });

  it('is found by the first digits of its manifest, whose record is exported', async () => {
    const { context } = watched.governance;
    const hex = manifest.slice('sha256:'.length, 'sha256:'.length + 12);
    expect(await lookUpArtifact(context, { hex, environment: 'production' })).toMatchObject({
      kind: 'one',
      answer: {
        digest: manifest,
        names: [{ ...NAME, digest: manifest, deployment: null }],
        verdict: { allowed: true, artifact: digestOf(WEIGHTS), manifest },
      },
    });
    const wish = { ...NAME, environment: 'production' };
    const record = await exportRecord(context, { ...wish, artifact: manifest });
    expect(record.artifact).toBe(digestOf(WEIGHTS));
    await expect(exportRecord(context, { ...wish, artifact: other })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is known by the first digits of either digest that its metrics tell', async () => {
    const queries: string[] = [];
    const counted = watched.database.db.withPlugin({
      transformQuery: ({ node }) => {
        queries.push(node.kind);
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const place = { deployment: 'fraud', environment: 'production', replicas: 1 };
    const seen = { ...NAME, ...place, digest: null, confidence: 'unknown' as const, how: 'metrics' };
    const begins = (digest: Digest) => ({ ...seen, digestBegins: digest.slice(7, 20) });
    const told = { ...seen, digest: other, confidence: 'reported' as const };
    const completed = await digestCompleter(counted)([
      ...[manifest, digestOf(WEIGHTS), other].map(begins),
      told,
      { ...begins(manifest), modelVersion: '9' },
    ]);
    expect(completed.map(({ digest, confidence }) => [digest, confidence])).toEqual([
      [manifest, 'reported'],
      [digestOf(WEIGHTS), 'reported'],
      [null, 'unknown'],
      [other, 'reported'],
      [null, 'unknown'],
    ]);
    expect(queries).toHaveLength(1);
  });

  it('is judged so offline too', async () => {
    const record = await exportRecord(watched.governance.context, {
      ...NAME,
      artifact: digestOf(WEIGHTS),
      environment: 'production',
    });
    const { policy } = watched.governance.trust;
    const question = { environment: 'production', now: watched.governance.clock.now() };
    const offline = (digest: Digest) => judgeOffline({ record, policy, artifact: { digest } }, question);
    expect(offline(manifest)).toMatchObject({ allowed: true, matches: true, verdict: { manifest } });
    expect(offline(other)).toMatchObject({ allowed: false, matches: false });
  });

  it('is governed where it is seen by its manifest; another manifest is a mismatch', async () => {
    watched.place.deploy('eu', 'fraud-detection@4.1.2', { digest: manifest });
    watched.place.deploy('us', 'fraud-detection@4.1.2', { digest: other });
    await watched.tick();
    const rows = await listDeployments(watched.database.db);
    expect(rows.map(({ key, status }) => [key, status])).toEqual([
      ['list/production/eu', 'governed'],
      ['list/production/us', 'ungoverned'],
    ]);
    const [found, ...more] = (await watched.firing()).map(({ finding }) => finding);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      kind: 'hash_mismatch',
      deployment: 'list/production/us',
      observed: other,
      expected: digestOf(WEIGHTS),
    });
  });

  it('is counted from training to production, and can be run again, where it is seen by its manifest', async () => {
    const { db } = watched.database;
    expect(await trainingToProduction(db)).toMatchObject({ count: 1 });
    watched.governance.clock.advance(80 * DAY);
    await watched.tick();
    const ending = (await watched.firing()).find(({ finding }) => finding.kind === 'approval_expiring');
    expect(ending?.finding).toMatchObject({ observed: manifest });
    const run = await latestRunOf(db, NAME, digestOf(WEIGHTS));
    expect(await describeAlert(watched.context, ending?.id ?? 0)).toMatchObject({ submission: run?.id });
    expect(await latestRunOf(db, NAME, other)).toBeNull();
  });

  it('takes what a source says of its inputs, which sees its manifest, for said of its bytes', async () => {
    const { db } = watched.database;
    const named = (name: string) => digestOf(name);
    const inputs = {
      code: named('code'),
      data: named('data'),
      config: named('config'),
      pipeline: named('p'),
    };
    watched.place.deploy('eu', 'fraud-detection@4.1.2', { digest: manifest, inputs });
    await watched.tick();
    const reports = await inputReports(db, NAME, digestOf(WEIGHTS));
    expect(reports.map(({ digests }) => digests)).toEqual([inputs]);
  });

  it('has its evidence next to it, each statement naming both digests', async () => {
    const place = createOciPlace('registry', registry);
    const publishing = { ...watched.governance.context.publishing, places: [place] };
    await publishEvidence({ ...watched.governance.context, publishing }, { place: 'registry', ...NAME });
    const referrers = await registry.referrers(manifest);
    const { statements, bundles } = await compileDossier(watched.context, digestOf(WEIGHTS));
    expect(referrers.length).toBeGreaterThan(bundles.length);
    const fallback = await registry.manifest(manifest.replace(':', '-'));
    expect(JSON.parse(String(fallback?.bytes)).manifests).toHaveLength(referrers.length);
    for (const { body } of ofKind(statements, 'stage-result/v1'))
      expect(body.artifact.equivalents).toContainEqual({ scheme: 'oci_manifest', digest: manifest });
  });
});
