import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, digestOf, peopleOf } from '../../src/domain/index.ts';
import { HOUR, later } from '../../src/lib/index.ts';
import {
  approvalStatus,
  decideApproval,
  judgeArtifact,
  modelStatus,
  pendingApprovals,
  previewDecision,
} from '../../src/services/index.ts';
import { type ApprovalRequestRow, decisionsOn, findApprovalRequestOfRun } from '../../src/storage/index.ts';
import { openBotStory } from '../support/bot-story.ts';
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
/** A high-risk model version of a test's own, and what its deciders are asked. */
async function ask() {
  count += 1;
  const name = { modelId: `model-${count}`, modelVersion: '1.0.0' };
  const artifact = digestOf(`bytes ${count}`);
  const run = await governance.submit({ ...name, artifact });
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  return { name, artifact, request };
}

const answerOf = (request: ApprovalRequestRow, person: string) => ({
  requestId: request.id,
  person,
  decision: 'approved' as const,
  view: request.viewDigest,
  reason: null,
  assurance: 'api_token' as const,
});

describe('a role that ends between two answers', () => {
  it('is missing again, and the judge says the same', async () => {
    const { name, artifact, request } = await ask();
    const until = later(governance.clock.now(), HOUR);
    const people = peopleOf([
      { id: 'lea', roles: [{ role: 'ml_lead', until }] },
      { id: 'liam', roles: [{ role: 'ml_lead' }] },
      { id: 'cora', roles: [{ role: 'compliance_officer' }] },
    ]);
    const ctx = { ...governance.context, directory: createDirectory(people, []) };
    const answer = (person: string) => decideApproval(ctx, answerOf(request, person));
    const verdict = () => judgeArtifact(ctx, { artifact, environment: 'production', name });
    expect(await answer('lea')).toMatchObject({ ok: true, state: 'pending' });
    governance.clock.advance(2 * HOUR);
    expect(await answer('cora')).toMatchObject({ ok: true, state: 'pending' });
    expect(await approvalStatus(ctx, request.id)).toMatchObject({
      state: 'pending',
      missingRoles: ['ml_lead'],
    });
    expect(await verdict()).toMatchObject({ status: 'pending', basis: { missingRoles: ['ml_lead'] } });
    expect(await answer('liam')).toMatchObject({ ok: true, state: 'approved' });
    expect((await verdict()).status).toBe('governed');
  });
});

it('an answer by API is refused, be it yes or no, where the pipeline takes none; the same from Slack counts', async () => {
  await using own = await createTestDatabase();
  const story = openBotStory(own.db, { approval: 'api_decisions: false' });
  const name = { modelId: 'fraud-detection', modelVersion: '1.0.0', artifact: digestOf('bytes') };
  const request = await findApprovalRequestOfRun(own.db, (await story.submit(name)).id);
  if (request === null) throw new Error('nobody was asked');
  const answer = answerOf(request, 'lea');
  const refused = { ok: false, refusal: 'api_refused' };
  expect(await decideApproval(story.context, answer)).toEqual(refused);
  const rejection = { ...answer, decision: 'rejected' as const, reason: 'no' };
  expect(await decideApproval(story.context, rejection)).toEqual(refused);
  const clicked = { ...answer, assurance: 'slack_click' as const };
  expect(await decideApproval(story.context, clicked)).toMatchObject({ ok: true });
});

it('whoever approves what is renewed without asking is shown that, and so is whoever asks how it stands', async () => {
  await using own = await createTestDatabase();
  const story = openBotStory(own.db, { renewal: 'tiers: [high_risk], most_in_a_row: 3' });
  const name = { modelId: 'fraud-detection', modelVersion: '1.0.0', artifact: digestOf('bytes') };
  const request = await findApprovalRequestOfRun(own.db, (await story.submit(name)).id);
  if (request === null) throw new Error('nobody was asked');
  expect(request.view.unaskedRenewals).toBe(3);
  const status = await modelStatus(story.context, { modelId: 'fraud-detection', environment: 'production' });
  expect(status.versions).toMatchObject([{ unaskedRenewals: 3 }]);
});

describe('a request whose view was altered in its table', () => {
  const setView = (request: ApprovalRequestRow, changes: Partial<ApprovalRequestRow['view']>) =>
    database.db
      .updateTable('approval_requests')
      .set({ view: JSON.stringify({ ...request.view, ...changes }) })
      .where('id', '=', request.id)
      .execute();

  it.each<[string, Partial<ApprovalRequestRow['view']>]>([
    ['another tier', { riskTier: 'minimal_risk' }],
    ['nobody excluded', { excluded: [] }],
    ['fewer roles', { roles: ['ml_lead'] }],
    ['a later end', { recordValidUntil: '2099-01-01T00:00:00.000Z' }],
  ])('is neither shown nor decided on: %s', async (_what, changes) => {
    const { name, artifact, request } = await ask();
    await setView(request, changes);
    const ctx = governance.context;
    const integrity = { code: 'integrity', message: expect.stringContaining(request.id) };
    await expect(approvalStatus(ctx, request.id)).rejects.toMatchObject(integrity);
    await expect(previewDecision(ctx, answerOf(request, 'lea'))).rejects.toMatchObject(integrity);
    for (const person of ['lea', 'cora'])
      await expect(decideApproval(ctx, answerOf(request, person))).rejects.toMatchObject(integrity);
    expect(await decisionsOn(database.db, request.id)).toEqual([]);
    const verdict = await judgeArtifact(ctx, { artifact, environment: 'production', name });
    expect([verdict.status, verdict.notes]).toEqual(['pending', []]);
  });

  it('is decided on again once the view is restored, in whatever order its keys are', async () => {
    const { request } = await ask();
    await setView(request, { submitter: 'ci:somebody-else' });
    await expect(decideApproval(governance.context, answerOf(request, 'lea'))).rejects.toThrow();
    await setView(request, Object.fromEntries(Object.entries(request.view).reverse()));
    expect(await decideApproval(governance.context, answerOf(request, 'lea'))).toMatchObject({ ok: true });
  });

  it('does not hide the requests beside it', async () => {
    const [damaged, intact] = [await ask(), await ask()];
    await setView(damaged.request, { riskTier: 'minimal_risk' });
    const ids = (await pendingApprovals(governance.context)).map(({ request }) => request.id);
    expect(ids).toEqual(expect.arrayContaining([damaged.request.id, intact.request.id]));
  });
});
