import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRequest } from '../../src/checks/index.ts';
import { type Digest, digestOf } from '../../src/domain/index.ts';
import { DAY, HOUR } from '../../src/lib/index.ts';
import {
  approvalStatus,
  decideApproval,
  executeRun,
  exportRecord,
  judgeArtifact,
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

let count = 0;
/** A model version of a test's own. */
function fresh() {
  count += 1;
  return { modelId: `model-${count}`, modelVersion: '1.0.0', artifact: digestOf(`bytes ${count}`) };
}

const judged = (name: { modelId: string; modelVersion: string; artifact: Digest }) =>
  judgeArtifact(governance.context, { artifact: name.artifact, environment: 'production', name });

async function requestOf(run: Run) {
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  return request;
}

async function answer(
  run: Run,
  person: string,
  decision: 'approved' | 'rejected' = 'approved',
  reason: string | null = null,
) {
  const request = await requestOf(run);
  return decideApproval(governance.context, {
    requestId: request.id,
    person,
    decision,
    view: request.viewDigest,
    reason,
    assurance: 'api_token',
  });
}

const ledgerSize = async () =>
  Number(
    (
      await database.db
        .selectFrom('ledger')
        .select(({ fn }) => fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );

describe('a high-risk submission', () => {
  it('is pending until distinct people cover the roles, then governed', async () => {
    const name = fresh();
    const run = await governance.submit(name);
    expect((await judged(name)).status).toBe('pending');
    expect(await answer(run, 'lea')).toMatchObject({ ok: true, state: 'pending', roles: ['ml_lead'] });
    expect(await judged(name)).toMatchObject({
      status: 'pending',
      allowed: false,
      basis: { missingRoles: ['compliance_officer'] },
    });
    expect(await answer(run, 'cora')).toMatchObject({ ok: true, state: 'approved' });
    expect(await judged(name)).toMatchObject({ status: 'governed', allowed: true, reasons: [] });
    expect(await findRun(database.db, run.id)).toMatchObject({ state: 'completed', riskTier: 'high_risk' });
  });

  it('counts a person once, and neither strangers nor the submitter', async () => {
    const run = await governance.submit(fresh());
    await answer(run, 'lea');
    expect(await answer(run, 'lea')).toEqual({ ok: false, refusal: 'already_decided' });
    expect(await answer(run, 'sam')).toEqual({ ok: false, refusal: 'no_role' });
    expect(await answer(run, 'nobody')).toEqual({ ok: false, refusal: 'unknown_person' });
    expect((await approvalStatus(governance.context, (await requestOf(run)).id)).decisions).toHaveLength(1);
  });

  it('is rejected by one person with a role who says why, and stays so', async () => {
    const name = fresh();
    const run = await governance.submit(name);
    expect(await answer(run, 'cora', 'rejected', ' ')).toEqual({ ok: false, refusal: 'reason_required' });
    expect(await answer(run, 'cora', 'rejected', 'no monitoring plan')).toMatchObject({
      ok: true,
      state: 'rejected',
    });
    expect(await answer(run, 'lea')).toEqual({ ok: false, refusal: 'closed' });
    expect((await judged(name)).status).toBe('rejected');
  });

  it('does not sign the words of a reason', async () => {
    const run = await governance.submit(fresh());
    await answer(run, 'cora', 'rejected', 'a very personal remark');
    const bundles = await database.db.selectFrom('ledger').select('bundle').execute();
    const payloads = bundles.map(({ bundle }) =>
      Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64').toString(),
    );
    expect(payloads.some((payload) => payload.includes('approval-decision'))).toBe(true);
    expect(payloads.join()).not.toContain('personal remark');
  });

  it('lapses when nobody answers, and can no longer be approved', async () => {
    const name = fresh();
    const run = await governance.submit(name);
    governance.clock.advance(7 * DAY + HOUR);
    expect(await answer(run, 'lea')).toEqual({ ok: false, refusal: 'lapsed' });
    expect(await judged(name)).toMatchObject({ status: 'pending', reasons: [{ code: 'approval_lapsed' }] });
  });

  it('takes one outcome and one decision each from answers at the same instant', async () => {
    const run = await governance.submit(fresh());
    const results = await Promise.all([
      answer(run, 'lea'),
      answer(run, 'lea'),
      answer(run, 'cora'),
      answer(run, 'cora'),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(2);
    const { state, decisions } = await approvalStatus(governance.context, (await requestOf(run)).id);
    expect(state).toBe('approved');
    expect(decisions.map(({ person }) => person).sort()).toEqual(['cora', 'lea']);
  });

  it('is superseded by a newer submission of the same version', async () => {
    const name = fresh();
    const first = await governance.submit(name);
    await governance.submit({ ...name, artifact: digestOf(`other ${name.modelId}`) });
    expect(await answer(first, 'lea')).toEqual({ ok: false, refusal: 'superseded' });
  });

  it('leaves one request open where two submissions of a version end at once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const name = fresh();
      const older = await queued(name);
      governance.clock.advance(1000);
      const newer = await queued({ ...name, artifact: digestOf(`newer ${name.modelId}`) });
      await Promise.all([older, newer].map(({ id }) => executeRun(governance.context, id)));
      const states = await Promise.all(
        [older, newer].map(async ({ id }) => (await findRun(database.db, id))?.state),
      );
      expect(states).toEqual(['failed', 'awaiting_approval']);
    }
  });

  it('supersedes what was asked before where nobody needs to be asked any more', async () => {
    const name = fresh();
    const asked = await governance.submit(name);
    governance.clock.advance(1000);
    await governance.submit({ ...name, artifact: digestOf(`milder ${name.modelId}`), tier: 'minimal_risk' });
    expect(await answer(asked, 'lea')).toEqual({ ok: false, refusal: 'superseded' });
  });

  it('does not ask about an older run that ends later than a newer one', async () => {
    const name = fresh();
    const older = await queued(name);
    governance.clock.advance(1000);
    const newer = await governance.submit({ ...name, artifact: digestOf(`newer ${name.modelId}`) });
    await executeRun(governance.context, older.id);
    expect(await findRun(database.db, older.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining(newer.id),
    });
    expect(await answer(newer, 'lea')).toMatchObject({ ok: true });
  });

  it('expires with its record', async () => {
    const name = fresh();
    await governance.govern(name);
    governance.clock.advance(90 * DAY - HOUR);
    expect((await judged(name)).status).toBe('governed');
    governance.clock.advance(HOUR);
    expect((await judged(name)).status).toBe('expired');
  });
});

describe('a run', () => {
  it('halts at a blocking stage that did not pass: later stages are not evaluated and nobody is asked', async () => {
    const name = fresh();
    const run = await governance.submit({
      ...name,
      outcomes: { demographic_parity_within_threshold: 'failed' },
    });
    expect(await findRun(database.db, run.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('bias_and_fairness'),
    });
    expect((await stageResultsOf(database.db, run.id)).map(({ stage }) => stage)).toEqual([
      'model_card',
      'bias_and_fairness',
    ]);
    expect(await findApprovalRequestOfRun(database.db, run.id)).toBeNull();
    expect(await judged(name)).toMatchObject({ status: 'failed', reasons: [{ code: 'stage_not_passed' }] });
  });

  it.each(['insufficient_evidence', 'errored', 'not_applicable'] as const)(
    'is not passed by a check that is %s',
    async (outcome) => {
      const name = fresh();
      const run = await governance.submit({ ...name, outcomes: { model_card_schema_valid: outcome } });
      expect((await findRun(database.db, run.id))?.state).toBe('failed');
      expect((await judged(name)).allowed).toBe(false);
    },
  );

  it('needs no approval where the tier demands none', async () => {
    const name = { ...fresh(), tier: 'minimal_risk' as const };
    const run = await governance.submit(name);
    expect((await findRun(database.db, run.id))?.state).toBe('completed');
    expect((await judged(name)).status).toBe('governed');
  });

  it('makes each stage statement once, however often it is executed', async () => {
    const run = await governance.submit(fresh());
    const before = await ledgerSize();
    await Promise.all([executeRun(governance.context, run.id), executeRun(governance.context, run.id)]);
    expect(await ledgerSize()).toBe(before);
  });

  it('makes each stage statement once when two workers execute it at the same time', async () => {
    const name = fresh();
    const run = await queued(name);
    await Promise.all(Array.from({ length: 4 }, () => executeRun(governance.context, run.id)));
    const statements = await database.db
      .selectFrom('ledger')
      .select('kind')
      .where('subject', '=', name.artifact)
      .execute();
    expect(statements.map(({ kind }) => kind).sort()).toEqual([
      'approval-request/v1',
      'governance-record/v1',
      'stage-result/v1',
      'stage-result/v1',
      'stage-result/v1',
    ]);
    expect((await findRun(database.db, run.id))?.state).toBe('awaiting_approval');
  });

  it('is failed, and not approvable, when the submitter is nobody we know', async () => {
    const name = fresh();
    const { run } = await submitRun(governance.context, submissionOf(name), {
      subject: 'ci:unknown',
      person: null,
    });
    await executeRun(governance.context, run.id);
    expect(await findRun(database.db, run.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('ci:unknown'),
    });
    expect(await judged(name)).toMatchObject({ status: 'failed', reasons: [{ code: 'submitter_unmapped' }] });
  });
});

function submissionOf(name: ReturnType<typeof fresh>) {
  return {
    ...name,
    pipeline: governance.pipeline.digest,
    evidence: [],
    inputs: {},
    authors: [],
    attempt: 'same' as const,
  };
}

async function queued(name: ReturnType<typeof fresh>): Promise<Run> {
  return (await submitRun(governance.context, submissionOf(name), { subject: 'ci:build', person: 'sam' }))
    .run;
}

describe('a worker that comes late', () => {
  it('does not bring a run back that has ended', async () => {
    const run = await queued(fresh());
    const late = Promise.withResolvers<void>();
    const slow = {
      ...governance.context,
      checks: {
        ...governance.context.checks,
        isolationInForce: async () => {
          await late.promise;
          return governance.context.checks.isolationInForce();
        },
      },
    };
    const paused = executeRun(slow, run.id);
    await executeRun(governance.context, run.id);
    const ended = await findRun(database.db, run.id);
    late.resolve();
    await paused;
    expect(await findRun(database.db, run.id)).toEqual(ended);
  });
});

describe('a request that a newer run superseded', () => {
  it('ends its run, and an equal submission starts another attempt', async () => {
    const name = fresh();
    const first = await queued(name);
    await executeRun(governance.context, first.id);
    governance.clock.advance(1000);
    const other = await governance.submit({ ...name, artifact: digestOf(`other ${name.modelId}`) });
    expect(await findRun(database.db, first.id)).toMatchObject({
      state: 'failed',
      stands: false,
      failure: expect.stringContaining(other.id),
    });
    const again = await submitRun(governance.context, submissionOf(name), {
      subject: 'ci:build',
      person: 'sam',
    });
    expect(again).toMatchObject({ created: true, run: { attempt: 2 } });
  });

  it('is not superseded by a submission that fails its checks', async () => {
    const name = fresh();
    const run = await governance.submit(name);
    await governance.submit({
      ...name,
      artifact: digestOf(`junk ${name.modelId}`),
      outcomes: { model_card_schema_valid: 'failed' },
    });
    expect(await answer(run, 'lea')).toMatchObject({ ok: true });
  });
});

describe('a junk submission of the same bytes', () => {
  it('changes nothing where it only lacks evidence: what is governed stays so, what is asked can still be approved', async () => {
    const name = fresh();
    await governance.govern(name);
    const junk = { ...name, outcomes: { model_card_schema_valid: 'insufficient_evidence' as const } };
    await governance.submit(junk);
    expect((await judged(name)).status).toBe('governed');
    const other = fresh();
    const run = await governance.submit(other);
    await governance.submit({ ...junk, ...other, outcomes: junk.outcomes });
    await answer(run, 'lea');
    expect(await answer(run, 'cora')).toMatchObject({ ok: true, state: 'approved' });
    expect((await judged(other)).status).toBe('governed');
  });

  it('decides where a check found something against them, and nobody can approve them any more', async () => {
    const name = fresh();
    const run = await governance.submit(name);
    governance.clock.advance(1000);
    await governance.submit({ ...name, outcomes: { demographic_parity_within_threshold: 'failed' } });
    expect(await answer(run, 'lea')).toEqual({ ok: false, refusal: 'superseded' });
    expect((await judged(name)).status).toBe('failed');
  });
});

describe('exportRecord', () => {
  it('packs the artifact that is governed, not a newer one that was rejected, unless that is asked for', async () => {
    const name = fresh();
    await governance.govern(name);
    governance.clock.advance(1000);
    const other = digestOf(`rejected ${name.modelId}`);
    const rejected = await governance.submit({ ...name, artifact: other });
    await answer(rejected, 'cora', 'rejected', 'no');
    const query = { modelId: name.modelId, modelVersion: name.modelVersion, environment: 'production' };
    expect((await exportRecord(governance.context, query)).artifact).toBe(name.artifact);
    expect((await exportRecord(governance.context, { ...query, artifact: other })).artifact).toBe(other);
  });
});

describe('submitRun', () => {
  it('refuses an equal submission by others: an author could be left out and approve their own work', async () => {
    const name = fresh();
    await queued(name);
    const asLea = submitRun(
      governance.context,
      { ...submissionOf(name), authors: ['person:lea'] },
      { subject: 'person:lea', person: 'lea' },
    );
    await expect(asLea).rejects.toMatchObject({
      code: 'conflict',
      problems: [{ where: 'submitter' }, { where: 'authors', fix: expect.stringContaining('--attempt new') }],
    });
  });

  it('returns the run of an equal submission, also when both come at once, and another one only when asked', async () => {
    const name = fresh();
    const submitter = { subject: 'ci:build', person: 'sam' };
    const both = await Promise.all(
      [1, 2].map(() => submitRun(governance.context, submissionOf(name), submitter)),
    );
    expect(new Set(both.map(({ run }) => run.id)).size).toBe(1);
    expect(both.filter(({ created }) => created)).toHaveLength(1);
    const other = await submitRun(governance.context, { ...submissionOf(name), attempt: 'new' }, submitter);
    expect(other).toMatchObject({ created: true, run: { attempt: 2 } });
    const again = await submitRun(governance.context, submissionOf(name), submitter);
    expect(again.run.id).toBe(other.run.id);
  });

  it('starts another run where the checks are told something else meanwhile, and runs them with it', async () => {
    const name = fresh();
    const submitter = { subject: 'ci:build', person: 'sam' };
    const told = (max_difference: number) => ({
      stages: { bias_and_fairness: { max_difference } },
      checks: {},
    });
    const seen: unknown[] = [];
    const telling = (max_difference: number) => ({
      ...governance.context,
      checkParameters: () => told(max_difference),
      checks: {
        ...governance.context.checks,
        run: (request: CheckRequest) => {
          if (request.check === 'demographic_parity_within_threshold') seen.push(request.parameters);
          return governance.context.checks.run(request);
        },
      },
    });
    const first = await submitRun(telling(0.1), submissionOf(name), submitter);
    const same = await submitRun(telling(0.1), submissionOf(name), submitter);
    const other = await submitRun(telling(0.2), submissionOf(name), submitter);
    expect([first.created, same.created, other.created]).toEqual([true, false, true]);
    await executeRun(telling(0.2), other.run.id);
    expect(seen).toEqual([{ max_difference: 0.2 }]);
  });

  it('refuses a pipeline that does not count, and names those that do', async () => {
    const submission = { ...submissionOf(fresh()), pipeline: digestOf('another pipeline') };
    const refused = submitRun(governance.context, submission, { subject: 'ci:build', person: 'sam' });
    await expect(refused).rejects.toMatchObject({
      code: 'pipeline_not_trusted',
      message: expect.stringContaining(governance.pipeline.digest),
    });
  });

  it('names everything that is missing, and starts nothing', async () => {
    const name = fresh();
    const absent = { ...governance.context, blobs: { ...governance.context.blobs, has: async () => false } };
    const submission = {
      ...submissionOf(name),
      evidence: [{ name: 'model_card', digest: digestOf('card') }],
    };
    const refused = submitRun(absent, submission, { subject: 'ci:build', person: 'sam' });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ where: 'artifact' }, { where: 'evidence model_card' }],
    });
    expect(
      await database.db.selectFrom('runs').where('model_id', '=', name.modelId).select('id').execute(),
    ).toEqual([]);
  });
});
