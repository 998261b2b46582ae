import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import {
  executeRun,
  judgeArtifact,
  RerunWish,
  rerunCheck,
  Submission,
  startRenewal,
  submitRun,
} from '../../src/services/index.ts';
import { findApprovalRequestOfRun, findRun, type Run, stageResultsOf } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

let database: TestDatabase;
let governance: Governance;
beforeAll(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
});
afterAll(() => database.close());

const LEA = { subject: 'person:lea', person: 'lea' };
const ofWorker = () => ({ ...governance.context, db: database.as('queue') });
const ofApi = () => ({ ...governance.context, db: database.as('api') });

/** Queues a run of new bytes with everything that can be said of one, as Lea, who approves but never what is hers. */
async function queued(wish: Partial<Submission> = {}): Promise<Run> {
  const submission = Submission.parse({
    modelId: 'fraud-detection',
    modelVersion: randomUUID(),
    artifact: digestOf(randomUUID()),
    pipeline: governance.pipeline.digest,
    evidence: [{ name: 'model_card', digest: digestOf('card') }],
    inputs: { code: digestOf('code') },
    authors: ['git:sam@example.com', 'person:lea'],
    trainedAt: '2026-11-20T09:00:00.000Z',
    ciUrl: 'https://ci.example.com/1',
    note: 'größer, „besser“ 🚀',
    ...wish,
  });
  return (await submitRun(ofApi(), submission, LEA)).run;
}

/** What an administrator of the database does to a run. */
const alter = (run: Run, set: string) =>
  sql`update runs set ${sql.raw(set)} where id = ${run.id}`.execute(database.db);

async function expectRefused(
  run: Pick<Run, 'id'>,
  why = /^integrity: run .* is not what its seal was made for/,
) {
  const before = await stageResultsOf(database.db, run.id);
  await executeRun(ofWorker(), run.id);
  const after = await findRun(database.db, run.id);
  expect(after).toMatchObject({ state: 'failed', stands: false, failure: expect.stringMatching(why) });
  expect(await stageResultsOf(database.db, run.id)).toEqual(before);
}

describe('a run', () => {
  it('is executed as it was queued, with all that can be said of one', async () => {
    const run = await queued({ authors: [] });
    expect(await findRun(database.db, run.id)).toEqual(run);
    await executeRun(ofWorker(), run.id);
    expect(await findRun(database.db, run.id)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('is not executed where whoever has the API’s role made it of another, in the name of somebody else', async () => {
    const honest = await queued({ authors: [] });
    const [id, evil] = [randomUUID(), digestOf('evil manifest')];
    const forged = {
      id,
      attempt: 2,
      submitter: { subject: 'ci:build', person: 'sam' },
      artifact: { ...honest.artifact, equivalents: [{ scheme: 'oci_manifest', digest: evil }] },
    };
    await sql`insert into runs select (jsonb_populate_record(r, ${JSON.stringify(forged)}::jsonb)).*
      from runs r where r.id = ${honest.id}`.execute(database.as('api'));
    await expectRefused({ id });
    expect(await findApprovalRequestOfRun(database.db, id)).toBeNull();
    expect(
      await judgeArtifact(governance.context, { artifact: evil, environment: 'production' }),
    ).toMatchObject({
      status: 'ungoverned',
      allowed: false,
    });
  });

  it('is not executed where any column but those of its course was changed', async () => {
    const COURSE = ['state', 'current_stage', 'risk_tier', 'failure', 'stands', 'finished_at'];
    const OTHERWISE: Readonly<Record<string, string>> = {
      text: "'x'",
      integer: '7',
      jsonb: `'[{"scheme":"oci_manifest"}]'`,
      'timestamp with time zone': "'2020-01-01T00:00:00Z'",
    };
    const { rows } = await sql<{ name: string; type: string }>`select column_name as name, data_type as type
      from information_schema.columns where table_schema = 'countersign' and table_name = 'runs'
      order by 1`.execute(database.db);
    const sealed = rows.filter(
      ({ name }) => !COURSE.includes(name) && name !== 'id' && name !== 'artifact_digest',
    );
    expect(sealed.map(({ name }) => name)).toContain('submitter');
    for (const { name, type } of sealed) {
      const run = await queued();
      await alter(run, `${name} = ${OTHERWISE[type]}`);
      await expectRefused(run);
    }
  });

  it('is not gone on with where it was changed after its first stage', async () => {
    const run = await queued({ authors: [] });
    const checks = { ...governance.context.checks };
    checks.run = async (request) => {
      if (request.check === 'demographic_parity_within_threshold') throw new Error('the worker dies');
      return governance.context.checks.run(request);
    };
    await expect(executeRun({ ...ofWorker(), checks }, run.id)).rejects.toThrow('the worker dies');
    await alter(run, `submitter = '{"subject": "ci:build", "person": "sam"}'`);
    expect(await stageResultsOf(database.db, run.id)).toHaveLength(1);
    await expectRefused(run);
  });

  it('that no release sealed is to be submitted again, and then is another', async () => {
    const wish = { modelVersion: '1.0.0', artifact: digestOf('older'), authors: [] };
    const older = await queued(wish);
    await alter(older, 'seal = null');
    await expectRefused(older, /bears no seal.*submit it again/);
    const again = await queued(wish);
    expect(again).toMatchObject({ submission: older.submission, attempt: 2 });
    await executeRun(ofWorker(), again.id);
    expect(await findRun(database.db, again.id)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('waits for the keys of the seals, and fails for nothing while they are not there', async () => {
    const run = await queued({ authors: [] });
    const runSealKeys = async () => {
      throw new Error('the key is not there yet');
    };
    await expect(executeRun({ ...ofWorker(), runSealKeys }, run.id)).rejects.toThrow('not there yet');
    expect(await findRun(database.db, run.id)).toMatchObject({ state: 'queued' });
    await executeRun({ ...ofWorker(), runSealKeys: async () => [] }, run.id);
    expect(await findRun(database.db, run.id)).toMatchObject({ state: 'failed' });
  });
});

describe('a run that was changed', () => {
  it('is not what another is made of', async () => {
    const name = { modelId: 'credit', modelVersion: '1.0.0' };
    const run = await governance.govern({ ...name, artifact: digestOf('credit') });
    await alter(run, `submitter = '{"subject": "ci:build", "person": "lea"}'`);
    await expect(startRenewal(ofApi(), name)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is not what its seal was made for'),
    });
    const check = 'demographic_parity_within_threshold';
    const wish = RerunWish.parse({ check, since: '2026-11-01T00:00:00.000Z' });
    const report = await rerunCheck({ ...ofApi(), checkVersions: new Map([[check, '2']]) }, wish, LEA);
    expect(report.skipped).toContainEqual({
      ...{ ...name, ofRun: run.id },
      reason: expect.stringContaining('is not what its seal was made for'),
    });
  });
});
