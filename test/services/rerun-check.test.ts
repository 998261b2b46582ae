import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createDirectory, type Digest, digestOf, type Principal } from '../../src/domain/index.ts';
import { HOUR } from '../../src/lib/index.ts';
import {
  executeRun,
  judgeArtifact,
  type RerunReport,
  RerunWish,
  rerunCheck,
  submitRun,
} from '../../src/services/index.ts';
import { findRun, type Run, rerunsOf, updateRun } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

const CHECK = 'demographic_parity_within_threshold';
const ASKER: Principal = { subject: 'person:lea', person: 'lea' };

const databases: TestDatabase[] = [];
let database: TestDatabase;
let governance: Governance;
let context: Governance['context'];
beforeEach(async () => {
  database = await createTestDatabase();
  databases.push(database);
  governance = openGovernance(database.db);
  context = { ...governance.context, checkVersions: new Map([[CHECK, '2']]) };
});
afterAll(() => Promise.all(databases.map((one) => one.close())));

const bytes = (modelVersion: string): Digest => digestOf(`bytes of ${modelVersion}`);
const named = (modelVersion: string) => ({ modelId: 'fraud', modelVersion, artifact: bytes(modelVersion) });
const START = '2026-11-23T09:00:00.000Z';
const rerun = (wish: Partial<RerunWish> = {}): Promise<RerunReport> =>
  rerunCheck(context, RerunWish.parse({ check: CHECK, since: START, ...wish }), ASKER);
const versionsOf = (listed: readonly { modelVersion: string }[]) =>
  listed.map(({ modelVersion }) => modelVersion);

async function runOf({ queued }: RerunReport, index = 0): Promise<Run> {
  const run = await findRun(database.db, queued[index]?.runId ?? '');
  if (run === null) throw new Error('nothing was queued');
  return run;
}

const jobs = async () => {
  const rows = await database.db
    .selectFrom('outbox')
    .select('payload')
    .where('name', '=', 'execute-run')
    .execute();
  return rows.map(({ payload }) => payload['runId']);
};

describe('a rerun', () => {
  it('queues what used the check since, with the same submission, and says who asked', async () => {
    await governance.govern(named('1.0.0'));
    governance.clock.advance(HOUR);
    const since = governance.clock.now();
    const standing = await governance.govern(named('1.1.0'));
    governance.clock.advance(HOUR);
    const report = await rerun({ since });
    expect(report).toMatchObject({ check: CHECK, version: '2', since, dryRun: false, skipped: [] });
    expect(report.queued).toEqual([
      { modelId: 'fraud', modelVersion: '1.1.0', runId: expect.any(String), ofRun: standing.id },
    ]);
    const again = await runOf(report);
    const { artifact, evidence, pipeline, submitter, authors } = standing;
    expect(again).toMatchObject({
      artifact,
      evidence,
      pipeline,
      submitter,
      authors,
      state: 'queued',
      riskTier: null,
    });
    expect(again.submittedAt).toBe(governance.clock.now());
    expect(await jobs()).toContain(again.id);
    expect(await rerunsOf(database.db, CHECK, '2')).toEqual([
      {
        runId: again.id,
        ofRun: standing.id,
        check: CHECK,
        checkVersion: '2',
        since,
        askedBy: ASKER,
        askedAt: governance.clock.now(),
      },
    ]);
  });

  it('queues nothing more when asked again: while it is under way, when it is done, when it failed', async () => {
    const standing = await governance.govern(named('1.0.0'));
    governance.clock.advance(HOUR);
    const again = await runOf(await rerun());
    const second = await rerun();
    expect(second.queued).toEqual([]);
    expect(second.skipped[0]).toMatchObject({
      ofRun: standing.id,
      reason: `run ${again.id} of it is under way`,
    });
    await executeRun(context, again.id);
    const third = await rerun();
    expect(third.queued).toEqual([]);
    expect(third.skipped[0]).toMatchObject({
      ofRun: again.id,
      reason: expect.stringContaining('was queued for this version'),
    });
    await database.db
      .transaction()
      .execute((tx) => updateRun(tx, again.id, { state: 'failed', failure: 'no' }));
    expect((await rerun()).queued).toEqual([]);
    expect(versionsOf((await rerun({ again: true })).queued)).toEqual(['1.0.0']);
  });

  it('queues again for another version of the check', async () => {
    await governance.govern(named('1.0.0'));
    await executeRun(context, (await runOf(await rerun())).id);
    context = { ...context, checkVersions: new Map([[CHECK, '3']]) };
    expect(versionsOf((await rerun()).queued)).toEqual(['1.0.0']);
  });

  it('takes turns with another that asks for the same', async () => {
    await Promise.all(['1.0.0', '1.1.0'].map((version) => governance.govern(named(version))));
    const reports = await Promise.all([rerun(), rerun(), rerun()]);
    expect(reports.flatMap(({ queued }) => versionsOf(queued)).sort()).toEqual(['1.0.0', '1.1.0']);
  });

  it('only tells, where it shall', async () => {
    await governance.govern(named('1.0.0'));
    const before = await jobs();
    expect(await rerun({ dryRun: true })).toMatchObject({
      dryRun: true,
      queued: [{ modelVersion: '1.0.0', runId: null }],
    });
    expect(await jobs()).toEqual(before);
    expect(await rerunsOf(database.db, CHECK, '2')).toEqual([]);
  });

  it('takes one run of an artifact and name, the newest; every artifact under a name', async () => {
    await governance.govern(named('1.0.0'));
    governance.clock.advance(HOUR);
    const newer = await governance.govern(named('1.0.0'));
    governance.clock.advance(HOUR);
    const other = await governance.govern({ ...named('1.0.0'), artifact: bytes('another') });
    const { queued } = await rerun();
    expect(queued.map(({ ofRun }) => ofRun)).toEqual([newer.id, other.id]);
  });

  it('leaves what the check failed, unless that is asked for', async () => {
    await governance.submit({ ...named('1.0.0'), outcomes: { [CHECK]: 'failed' } });
    await governance.submit({ ...named('1.1.0'), outcomes: { model_card_schema_valid: 'failed' } });
    expect((await rerun()).queued).toEqual([]);
    expect(versionsOf((await rerun({ failed: true })).queued)).toEqual(['1.0.0']);
  });

  it('leaves what cannot be run, and says why', async () => {
    await governance.govern(named('1.0.0'));
    await governance.govern(named('1.1.0'));
    const has = async (digest: string) => digest !== bytes('1.0.0');
    context = { ...context, blobs: { ...context.blobs, has } };
    const { queued, skipped } = await rerun();
    expect(versionsOf(queued)).toEqual(['1.1.0']);
    expect(skipped).toMatchObject([
      { modelVersion: '1.0.0', reason: expect.stringContaining('the server has no bytes with digest') },
    ]);
    context = { ...context, trust: { ...context.trust, policy: { ...context.trust.policy, pipelines: [] } } };
    const later = await rerun({ again: true, failed: true });
    expect(later.queued).toEqual([]);
    expect(later.skipped.map(({ reason }) => reason)).toContain(
      'its pipeline no longer counts: submit it with one that does',
    );
  });

  it('refuses a check that there is not, and a time to come', async () => {
    await expect(rerun({ check: 'nothing' })).rejects.toMatchObject({
      code: 'not_found',
      problems: [{ fix: `known checks: ${CHECK}` }],
    });
    await expect(rerun({ since: '2030-01-01T00:00:00.000Z' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('what a rerun means for people', () => {
  it('keeps the submitter from approving, and lets who asked for it approve', async () => {
    const submitter: Principal = { subject: 'person:lea', person: 'lea' };
    const name = { ...named('1.0.0'), pipeline: governance.pipeline.digest, evidence: [], inputs: {} };
    const first = await submitRun(
      context,
      { ...name, authors: ['git:cora@example.com'], attempt: 'same' },
      submitter,
    );
    await executeRun(context, first.run.id);
    // The author's account was nobody's then; it is somebody's now, who must not approve either.
    const entries = [{ id: 'cora', name: 'Cora', slack: [], git: ['cora@example.com'], ci: [] }];
    context = { ...context, directory: createDirectory(context.directory.people, entries) };
    await database.db.transaction().execute((tx) => updateRun(tx, first.run.id, { state: 'completed' }));
    const report = await rerunCheck(context, RerunWish.parse({ check: CHECK, since: START }), {
      subject: 'ci:admin',
      person: 'sam',
    });
    const again = await runOf(report);
    expect(again).toMatchObject({
      submitter,
      authors: [{ subject: 'git:cora@example.com', person: 'cora' }],
    });
    await executeRun(context, again.id);
    await expect(governance.answer(again, 'lea', 'approved')).rejects.toThrow('submitter_or_author');
    await expect(governance.answer(again, 'cora', 'approved')).rejects.toThrow('submitter_or_author');
  });

  it('leaves what stands until the new run is decided', async () => {
    const name = named('1.0.0');
    await governance.govern(name);
    const status = async () =>
      (await judgeArtifact(context, { artifact: name.artifact, environment: 'production', name })).status;
    governance.clock.advance(HOUR);
    const again = await runOf(await rerun());
    expect(await status()).toBe('governed');
    await executeRun(context, again.id);
    expect(await findRun(database.db, again.id)).toMatchObject({ state: 'awaiting_approval' });
    expect(await status()).toBe('governed');
  });

  it('ends what stands where the check now fails it', async () => {
    const name = named('1.0.0');
    await governance.govern(name);
    governance.clock.advance(HOUR);
    const again = await runOf(await rerun());
    const run: Governance['context']['checks']['run'] = async (request) => {
      const { result, ...rest } = await context.checks.run(request);
      return { ...rest, result: { ...result, outcome: request.check === CHECK ? 'failed' : 'passed' } };
    };
    await executeRun({ ...context, checks: { ...context.checks, run } }, again.id);
    const verdict = await judgeArtifact(context, {
      artifact: name.artifact,
      environment: 'production',
      name,
    });
    expect(verdict).toMatchObject({ status: 'failed', allowed: false });
  });
});
