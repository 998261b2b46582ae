import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, fileArtifact, type Instant } from '../../src/domain/index.ts';
import { createBlobStore, createFileSource } from '../../src/evidence/index.ts';
import { DAY, later } from '../../src/lib/index.ts';
import {
  executeFetch,
  executeRun,
  FetchRequest,
  requestFetch,
  requireFetch,
  Submission,
  submitRun,
} from '../../src/services/index.ts';
import { findRun, stageResultsOf } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';
import { readPipeline } from '../support/ground.ts';

const PIPELINE = readPipeline(`stages:
  - name: model_card
    checks: [model_card_schema_valid, model_artifact_signed]
`);
const SUBMITTER = { subject: 'ci:build', person: 'sam' };

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-fetches-'));
  await mkdir(join(folder, 'shared'));
  await writeFile(join(folder, 'shared/model.onnx'), 'weights');
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const uriOf = (name: string) => `file://${folder}/shared/${name}`;
const asked = (name: string, digest?: string) =>
  FetchRequest.parse({ uri: uriOf(name), ...(digest === undefined ? {} : { digest }) });
const submission = (fetch: string, modelVersion: string) =>
  Submission.parse({
    modelId: 'llm',
    modelVersion,
    artifact: { fetch },
    pipeline: PIPELINE.digest,
    evidence: [],
  });

function open() {
  const { context } = openGovernance(database.db);
  const everywhere = { digest: PIPELINE.digest, models: ['*'], environments: ['*'] };
  const trust = {
    policy: { ...context.trust.policy, pipelines: [everywhere] },
    pipelines: new Map([[PIPELINE.digest, PIPELINE]]),
  };
  const sources = [createFileSource({ name: 'shared', root: join(folder, 'shared') })];
  const ending = new AbortController();
  const fetching = { sources, limit: 1000, patience: 10_000, signal: ending.signal };
  return { ...context, trust, blobs: createBlobStore(join(folder, 'blobs'), randomUUID), fetching, ending };
}

describe('an artifact by URI', () => {
  it('is fetched once however often it is asked for, and submitted as what it hashes to', async () => {
    const context = open();
    const { id, state } = await requestFetch(context, asked('model.onnx'), SUBMITTER);
    expect(state).toBe('queued');
    expect((await requestFetch(context, asked('model.onnx'), SUBMITTER)).id).toBe(id);
    await expect(submitRun(context, submission(id, '1.0.0'), SUBMITTER)).rejects.toMatchObject({
      code: 'conflict',
    });
    await executeFetch(context, id);
    await executeFetch(context, id);
    const fetch = await requireFetch(context, id, SUBMITTER);
    expect(fetch).toMatchObject({ state: 'fetched', bytes: 7, total: 7, failure: null });
    const { run } = await submitRun(context, submission(id, '1.0.0'), SUBMITTER);
    expect([run.artifact, run.missingBytes]).toEqual([fileArtifact(digestOf('weights')), null]);
    expect((await requestFetch(context, asked('model.onnx'), SUBMITTER)).id).not.toBe(id);
  });

  it('is nobody else’s to submit or to see', async () => {
    const context = open();
    const { id } = await requestFetch(context, asked('model.onnx', digestOf('weights')), SUBMITTER);
    const other = { subject: 'ci:other', person: null };
    await expect(requireFetch(context, id, other)).rejects.toMatchObject({ code: 'not_found' });
    await expect(submitRun(context, submission(id, '1.0.1'), other)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('that cannot be had is judged without its bytes, and again once they can', async () => {
    const context = open();
    const { id } = await requestFetch(context, asked('later.onnx', digestOf('later')), SUBMITTER);
    await executeFetch(context, id);
    const { run } = await submitRun(context, submission(id, '2.0.0'), SUBMITTER);
    expect(run.artifact).toEqual(fileArtifact(digestOf('later')));
    await executeRun(context, run.id);
    const [stage] = await stageResultsOf(database.db, run.id);
    expect(stage?.results).toMatchObject([
      { check: 'model_card_schema_valid', outcome: 'passed' },
      {
        check: 'model_artifact_signed',
        outcome: 'insufficient_evidence',
        message: expect.stringMatching(
          /^the artifact's bytes could not be had: .*later\.onnx does not exist/,
        ),
      },
    ]);
    expect((await findRun(database.db, run.id))?.state).toBe('failed');
    await writeFile(join(folder, 'shared/later.onnx'), 'later');
    const again = await requestFetch(context, asked('later.onnx', digestOf('later')), SUBMITTER);
    await executeFetch(context, again.id);
    const second = await submitRun(context, submission(again.id, '2.0.0'), SUBMITTER);
    expect([second.created, second.run.missingBytes]).toEqual([true, null]);
  });

  it('is refused where other bytes came, or nothing is known of it', async () => {
    const context = open();
    const wrong = await requestFetch(context, asked('model.onnx', digestOf('others')), SUBMITTER);
    await executeFetch(context, wrong.id);
    const refused = submitRun(context, submission(wrong.id, '3.0.0'), SUBMITTER);
    await expect(refused).rejects.toMatchObject({
      code: 'digest_mismatch',
      message: expect.stringContaining(digestOf('weights')),
    });
    const unknown = await requestFetch(context, asked('none'), SUBMITTER);
    await executeFetch(context, unknown.id);
    await expect(submitRun(context, submission(unknown.id, '3.0.0'), SUBMITTER)).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ fix: expect.stringContaining('--digest') }],
    });
  });

  it('is fetched by the next process where this one ends', async () => {
    const context = open();
    const { id } = await requestFetch(context, asked('model.onnx'), { ...SUBMITTER, subject: 'ci:ending' });
    context.ending.abort();
    await expect(executeFetch(context, id)).rejects.toThrow();
    expect((await requireFetch(context, id, { subject: 'ci:ending', person: null })).state).toBe('running');
    await executeFetch(open(), id);
    expect((await requireFetch(context, id, { subject: 'ci:ending', person: null })).state).toBe('fetched');
  });

  it.each([
    [
      'the fetcher’s role',
      'fetcher',
      `artifact = artifact || '{"equivalents": [{"scheme": "oci_manifest"}]}'`,
    ],
    ['the fetcher’s role', 'fetcher', "uri = 'oci://registry.example.com/other'"],
    [
      'the fetcher’s role',
      'fetcher',
      'seal = (select seal from fetches where id <> $id and seal is not null limit 1)',
    ],
    ['the database', 'owner', 'artifact = null, failure = \'{"code": "forbidden", "message": "no"}\''],
  ] as const)('is not submitted as whoever has %s would have it', async (_, role, set) => {
    const context = open();
    const { id } = await requestFetch(context, asked('model.onnx'), SUBMITTER);
    await executeFetch(context, id);
    const db = role === 'owner' ? database.db : database.as(role);
    await sql.raw(`update fetches set ${set.replace('$id', `'${id}'`)} where id = '${id}'`).execute(db);
    await expect(submitRun(context, submission(id, '9.0.0'), SUBMITTER)).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringContaining('is not what its seal was made for'),
    });
  });

  it('that no release sealed, or nobody fetched, is to be fetched again', async () => {
    const context = open();
    const { id } = await requestFetch(context, asked('model.onnx'), SUBMITTER);
    const artifact = JSON.stringify(fileArtifact(digestOf('others')));
    await sql`update fetches set state = 'fetched', artifact = ${artifact}, finished_at = now() where id = ${id}`.execute(
      database.as('fetcher'),
    );
    await expect(submitRun(context, submission(id, '9.0.1'), SUBMITTER)).rejects.toMatchObject({
      code: 'integrity',
      problems: [{ fix: 'have it fetched again' }],
    });
    const again = await requestFetch(context, asked('model.onnx'), SUBMITTER);
    await executeFetch(context, again.id);
    const { run } = await submitRun(context, submission(again.id, '9.0.1'), SUBMITTER);
    expect(run.artifact).toEqual(fileArtifact(digestOf('weights')));
  });

  it('is forgotten 30 days after its end, but for what was submitted', async () => {
    const early = open();
    const by = { ...SUBMITTER, subject: 'ci:forgetful' };
    const { id } = await requestFetch(early, asked('model.onnx'), by);
    await executeFetch(early, id);
    const { run } = await submitRun(early, submission(id, '7.0.0'), by);
    const waiting = await requestFetch(early, asked('waiting.onnx'), by);
    const fetchAt = async (now: Instant) => {
      const context = { ...open(), clock: { now: () => now } };
      const next = await requestFetch(context, asked('model.onnx'), by);
      await executeFetch(context, next.id);
      return context;
    };
    await fetchAt(later(early.clock.now(), 29 * DAY));
    expect((await requireFetch(early, id, by)).state).toBe('fetched');
    const late = await fetchAt(later(early.clock.now(), 30 * DAY + 1));
    await expect(requireFetch(late, id, by)).rejects.toMatchObject({ code: 'not_found' });
    expect((await requireFetch(late, waiting.id, by)).state).toBe('queued');
    await executeRun({ ...early, clock: late.clock }, run.id);
    expect(await stageResultsOf(database.db, run.id)).not.toEqual([]);
    expect((await findRun(database.db, run.id))?.artifact).toEqual(fileArtifact(digestOf('weights')));
  });

  it.each([
    'ftp://a/b',
    'https://user:secret@a.example/m',
    'https://a.example/m?sig=secret',
    's3://a/b#c',
    'model.onnx',
    'oci://a/b?platform=x&y=z',
  ])('is not named by %s', (uri) => expect(FetchRequest.safeParse({ uri }).success).toBe(false));
});
