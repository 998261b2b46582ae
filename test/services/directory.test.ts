import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRequest } from '../../src/checks/index.ts';
import { type DirectoryFile, digestOf, directoryArtifact } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { executeRun, type RunContext, Submission, submitRun } from '../../src/services/index.ts';
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

/** The same, with what each check was handed. */
function watching() {
  const context = open();
  const seen = new Map<string, CheckRequest>();
  const run: RunContext['checks']['run'] = (request) => {
    seen.set(request.check, request);
    return context.checks.run(request);
  };
  return { context: { ...context, checks: { ...context.checks, run } }, seen };
}

async function expectUnread(
  context: ReturnType<typeof watching>['context'],
  files: readonly DirectoryFile[],
  says: RegExp,
  before: () => Promise<void> = async () => undefined,
) {
  const submission = Submission.parse({ ...wish, artifact: { files }, attempt: 'new' });
  const { run } = await submitRun(context, submission, SUBMITTER);
  await before();
  await executeRun(context, run.id);
  const [stage] = await stageResultsOf(database.db, run.id);
  expect(stage?.results).toMatchObject([
    { check: 'model_card_schema_valid', outcome: 'passed' },
    {
      check: 'model_artifact_signed',
      outcome: 'insufficient_evidence',
      message: expect.stringMatching(says),
    },
  ]);
  expect((await findRun(database.db, run.id))?.state).toBe('failed');
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

  it('is handed to checks file by file, each under its name', async () => {
    const { context, seen } = watching();
    const { run } = await submitRun(context, { ...wish, attempt: 'new' }, SUBMITTER);
    await executeRun(context, run.id);
    const artifact = seen.get('model_artifact_signed')?.artifact;
    expect(artifact?.digest).toBe(run.artifact.digest);
    const read = async ({ name, path }: { name: string; path: string }) => [
      name,
      await readFile(path, 'utf8'),
    ];
    expect(await Promise.all((artifact?.files ?? []).map(read))).toEqual([
      ['tokenizer/words.txt', 'words'],
      ['weights.bin', 'weights'],
    ]);
  });

  it("is not looked at by an operator's script, which takes one file", async () => {
    const { context, seen } = watching();
    const find = (name: string) => {
      const entry = context.checks.catalogue.find(name);
      return entry && name === 'model_artifact_signed' ? { ...entry, builtIn: null } : entry;
    };
    const checks = { ...context.checks, catalogue: { ...context.checks.catalogue, find } };
    await expectUnread({ ...context, checks }, FILES, /scripts are given one file/);
    expect([...seen.keys()]).toEqual(['model_card_schema_valid']);
  });

  it('is not looked at where a file of it is gone, or there are too many', async () => {
    const { context, seen } = watching();
    await context.blobs.put(digestOf('gone'), Readable.from(['gone']), 100);
    const gone = [...FILES, { name: 'gone', digest: digestOf('gone') }];
    const path = await context.blobs.pathOf(digestOf('gone'));
    await expectUnread(context, gone, /could not be had: there are no bytes with digest sha256:/, () =>
      rm(path),
    );
    const many = Array.from({ length: 1001 }, (_, n) => ({ name: `${n}`, digest: digestOf('words') }));
    await expectUnread(context, many, /directory of 1001 files, and checks look at 1000 at most/);
    expect([...seen.keys()]).toEqual(['model_card_schema_valid']);
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
