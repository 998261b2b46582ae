import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import {
  approvalStatus,
  decideApproval,
  endOutdatedRequests,
  judgeArtifact,
  pendingApprovals,
  previewDecision,
  withdrawRequest,
} from '../../src/services/index.ts';
import { findApprovalRequestOfRun, findRun } from '../../src/storage/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const ARTIFACT = digestOf('bytes');

async function openStory() {
  const database = await createTestDatabase();
  const governance = openGovernance(database.db);
  const { context, trust } = governance;
  const run = await governance.submit({ ...NAME, artifact: ARTIFACT });
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  const { policy } = trust;
  const under = (change: Partial<typeof policy>) => ({
    ...context,
    trust: { ...trust, policy: { ...policy, ...change } },
  });
  const answerOf = {
    requestId: request.id,
    person: 'lea',
    decision: 'approved' as const,
    view: request.viewDigest,
  };
  return {
    governance,
    context,
    run,
    revoking: () => under({ revoked: { statements: [], artifacts: [ARTIFACT] } }),
    unregistering: () => under({ pipelines: [] }),
    answer: (ctx = context) => decideApproval(ctx, { ...answerOf, reason: null, assurance: 'slack_click' }),
    preview: (ctx = context) => previewDecision(ctx, answerOf),
    withdraw: (person: string, name = NAME) => withdrawRequest(context, { name, person }),
    status: async () => {
      const { state, request: row } = await approvalStatus(context, request.id);
      return { state, ending: row.ending };
    },
    verdict: async () =>
      (await judgeArtifact(context, { artifact: ARTIFACT, environment: 'production' })).status,
    runNow: () => findRun(database.db, run.id),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

describe('a request that its submitter takes back', () => {
  it('is open no more; the run has failed, and nothing is said of the artifact', async () => {
    await using story = await openStory();
    await story.answer();
    expect(await story.withdraw('sam')).toMatchObject({ ok: true });
    expect(await story.status()).toEqual({ state: 'withdrawn', ending: 'withdrawn' });
    expect(await story.runNow()).toMatchObject({ state: 'failed', stands: false });
    expect(await story.verdict()).toBe('pending');
    expect(await pendingApprovals(story.context)).toEqual([]);
    await expect(story.governance.answer(story.run, 'cora', 'approved')).rejects.toThrow('withdrawn');
    expect(await story.withdraw('sam')).toEqual({ ok: false, refusal: 'not_open' });
  });

  it('is nobody else’s to take back, and not once it was decided', async () => {
    await using story = await openStory();
    expect(await story.withdraw('lea')).toEqual({ ok: false, refusal: 'not_submitter' });
    const unheardOf = { ...NAME, modelVersion: '9' };
    expect(await story.withdraw('sam', unheardOf)).toEqual({ ok: false, refusal: 'no_request' });
    await story.answer();
    await story.governance.answer(story.run, 'cora', 'approved');
    expect(await story.withdraw('sam')).toEqual({ ok: false, refusal: 'not_open' });
    expect(await story.verdict()).toBe('governed');
  });

  it('ends once: taken back or decided, never both', async () => {
    await using story = await openStory();
    await story.answer();
    const [, withdrawal] = await Promise.all([
      story.governance.answer(story.run, 'cora', 'approved').catch(() => {}),
      story.withdraw('sam'),
    ]);
    expect(await story.status()).toMatchObject({ state: withdrawal.ok ? 'withdrawn' : 'approved' });
  });
});

describe('a request that is outdated', () => {
  it.each(['revoking', 'unregistering'] as const)('is closed at the next look: %s', async (how) => {
    await using story = await openStory();
    const ending = how === 'revoking' ? 'artifact_revoked' : 'pipeline_changed';
    expect(await endOutdatedRequests(story.context)).toBe(0);
    expect(await endOutdatedRequests(story[how]())).toBe(1);
    expect(await endOutdatedRequests(story[how]())).toBe(0);
    expect(await story.status()).toEqual({ state: 'superseded', ending });
    expect(await story.runNow()).toMatchObject({ state: 'failed', stands: false });
  });

  it('is refused to who answers or asks before that look, and closed by it', async () => {
    await using story = await openStory();
    expect(await story.answer(story.unregistering())).toEqual({ ok: false, refusal: 'superseded' });
    expect(await story.status()).toEqual({ state: 'superseded', ending: 'pipeline_changed' });
    await using other = await openStory();
    expect(await other.preview(other.revoking())).toBe('superseded');
    expect(await other.status()).toEqual({ state: 'superseded', ending: 'artifact_revoked' });
  });

  it('leaves alone what was decided before', async () => {
    await using story = await openStory();
    await story.answer();
    await story.governance.answer(story.run, 'cora', 'approved');
    expect(await endOutdatedRequests(story.revoking())).toBe(0);
    expect(await story.status()).toMatchObject({ state: 'approved' });
  });
});
