import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, directoryArtifact } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { executeRun, Submission, submitRun } from '../../src/services/index.ts';
import { findRun, stageResultsOf } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';
import { readPipeline } from '../support/ground.ts';

const PIPELINE = readPipeline(`stages:
  - name: model_card
    checks: [model_card_schema_valid, model_artifact_signed]
`);
const FILES = [
  { name: 'weights.bin', digest: digestOf('weights') },
  { name: 'tokenizer/words.txt', digest: digestOf('words') },
];

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-directory-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

function open() {
  const { context } = openGovernance(database.db);
  const everywhere = { digest: PIPELINE.digest, models: ['*'], environments: ['*'] };
  const trust = {
    policy: { ...context.trust.policy, pipelines: [everywhere] },
    pipelines: new Map([[PIPELINE.digest, PIPELINE]]),
  };
  return { ...context, trust, blobs: createBlobStore(folder, randomUUID) };
}

const wish = Submission.parse({
  modelId: 'llm',
  modelVersion: '1.0.0',
  artifact: { files: FILES },
  pipeline: PIPELINE.digest,
  evidence: [],
});
const SUBMITTER = { subject: 'ci:build', person: 'sam' };

describe('a directory', () => {
  it('is taken once every file of it is there, and known by the list of them', async () => {
    const context = open();
    await context.blobs.put(digestOf('weights'), Readable.from(['weights']), 100);
    await expect(submitRun(context, wish, SUBMITTER)).rejects.toThrow(
      /^the submission.*artifact tokenizer\/words\.txt/s,
    );
    await context.blobs.put(digestOf('words'), Readable.from(['words']), 100);
    const { run } = await submitRun(context, wish, SUBMITTER);
    expect(run.artifact).toEqual(directoryArtifact(FILES));
    const [words, weights] = [digestOf('words'), digestOf('weights')].map((digest) => digest.slice(7));
    expect(await readFile(await context.blobs.pathOf(run.artifact.digest), 'utf8')).toBe(
      `${words}  tokenizer/words.txt\n${weights}  weights.bin\n`,
    );
  });

  it('passes no check that would have to open it', async () => {
    const context = open();
    const { run } = await submitRun(context, { ...wish, attempt: 'new' }, SUBMITTER);
    await executeRun(context, run.id);
    const [stage] = await stageResultsOf(database.db, run.id);
    expect(stage?.results).toMatchObject([
      { check: 'model_card_schema_valid', outcome: 'passed' },
      { check: 'model_artifact_signed', outcome: 'insufficient_evidence' },
    ]);
    expect((await findRun(database.db, run.id))?.state).toBe('failed');
  });

  it.each(['', '/etc/passwd', '../up', 'a/../b', 'a//b', './a', 'a/', 'a\nb', 'a\\b', '..'])(
    'names no file %j',
    (name) => {
      const artifact = { files: [{ name, digest: digestOf('x') }] };
      expect(Submission.safeParse({ ...wish, artifact }).success).toBe(false);
    },
  );

  it('names no file twice', () => {
    expect(Submission.safeParse({ ...wish, artifact: { files: [FILES[0], FILES[0]] } }).success).toBe(false);
  });
});
