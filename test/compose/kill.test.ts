import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFetchSealKey } from '../../src/compose/fetch-seal-key.ts';
import { compose } from '../../src/compose.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { submitRun } from '../../src/services/index.ts';
import { findRun, stageResultsOf } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { EXAMPLE, REFERENCE_PIPELINE, storeExample } from '../support/example.ts';
import { startProcess } from '../support/process.ts';

/** With all that sign, so that none waits for the key of another. */
const SURFACES = ['queue', 'bot', 'api'] as const;

/** The stages of checks of the reference pipeline. */
const STAGES = [
  'data_provenance',
  'model_card',
  'bias_and_fairness',
  'safety_evaluation',
  'security_review',
  'risk_classification',
];

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-kill-'));
  const config = {
    listen: { port: 0 },
    data_dir: '.',
    pipelines: [{ file: REFERENCE_PIPELINE, parameters: join(EXAMPLE, 'check-parameters.yaml') }],
    people: [{ id: 'dana', name: 'Dana' }],
  };
  await writeFile(join(folder, 'countersign.yaml'), JSON.stringify(config));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({ DATABASE_URL: database.connectionString });
const startWorker = () => startProcess(join(folder, 'countersign.yaml'), SURFACES, environment());

/** Resolves when the ledger holds so many statements. */
async function ledgerReaches(size: number): Promise<void> {
  await expect
    .poll(
      async () =>
        Number((await database.db.selectFrom('ledger_state').select('size').executeTakeFirstOrThrow()).size),
      { timeout: 60_000, interval: 20 },
    )
    .toBeGreaterThanOrEqual(size);
}

async function submit(): Promise<string> {
  const settings = {
    ...serviceEnvironment({}),
    databaseUrl: database.connectionString,
  };
  const config = await loadConfig(join(folder, 'countersign.yaml'), settings);
  const composition = await compose(config, SURFACES, () => {});
  try {
    const { submission: facts, evidence: seals } = composition;
    if (seals === null) throw new Error('nothing is queued here');
    const example = await storeExample(facts.blobs, '4.1.2');
    const pipeline = config.pipelines[0]?.pipeline.digest;
    if (pipeline === undefined) throw new Error('no pipeline');
    const submission = { ...example, pipeline, inputs: {}, authors: [], attempt: 'same' as const };
    const { run } = await submitRun(
      { ...facts, ...seals, fetcherKey: () => readFetchSealKey(config) },
      submission,
      {
        subject: 'person:dana',
        person: 'dana',
      },
    );
    return run.id;
  } finally {
    await composition.close();
  }
}

it('takes a run to its end across workers that are killed, with each statement made once', {
  timeout: 180_000,
}, async () => {
  const runId = await submit();
  for (const statements of [0, 2]) {
    const worker = await startWorker();
    await ledgerReaches(statements);
    await worker.kill();
  }
  const last = await startWorker();
  await expect
    .poll(async () => (await findRun(database.db, runId))?.state, { timeout: 90_000 })
    .toBe('awaiting_approval');
  expect(await last.stop()).toBe(0);
  const kinds = await database.db.selectFrom('ledger').select('kind').orderBy('index').execute();
  expect(kinds.map(({ kind }) => kind)).toEqual([
    ...STAGES.map(() => 'stage-result/v1'),
    'governance-record/v1',
    'approval-request/v1',
  ]);
  expect(
    (await stageResultsOf(database.db, runId)).map(({ stage, outcome }) => `${stage}: ${outcome}`),
  ).toEqual(STAGES.map((stage) => `${stage}: passed`));
});
