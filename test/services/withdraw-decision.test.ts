import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { approvalStatus, judgeArtifact, lapseRequests, withdrawDecision } from '../../src/services/index.ts';
import { findApprovalRequestOfRun, findRun, type Run } from '../../src/storage/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: digestOf('bytes') };

async function openStory() {
  const database = await createTestDatabase();
  const governance = openGovernance(database.db);
  const { context } = governance;
  const run = await governance.submit(NAME);
  const request = await findApprovalRequestOfRun(database.db, run.id);
  if (request === null) throw new Error('nobody was asked');
  const requestId = request.id;
  const answer = (person: string, decision: 'approved' | 'rejected') => {
    governance.clock.advance(1);
    return governance.answer(run, person, decision);
  };
  return {
    governance,
    context,
    run,
    requestId,
    approve: (person: string) => answer(person, 'approved'),
    reject: (person: string) => answer(person, 'rejected'),
    withdraw: (person: string) => withdrawDecision(context, { requestId, person }),
    state: async () => (await approvalStatus(context, requestId)).state,
    runNow: async ({ id }: Run) => await findRun(database.db, id),
    verdict: async () =>
      (await judgeArtifact(context, { artifact: NAME.artifact, environment: 'production' })).status,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

describe('a decision that is taken back', () => {
  it('opens the request again that it had decided, and the model serves no longer', async () => {
    await using story = await openStory();
    await story.approve('lea');
    await story.approve('cora');
    expect([await story.state(), await story.verdict()]).toEqual(['approved', 'governed']);
    expect(await story.withdraw('lea')).toMatchObject({ ok: true, state: 'pending' });
    expect([await story.state(), await story.verdict()]).toEqual(['pending', 'pending']);
    expect(await story.runNow(story.run)).toMatchObject({ state: 'awaiting_approval', finishedAt: null });
    await story.approve('lea');
    expect([await story.state(), await story.verdict()]).toEqual(['approved', 'governed']);
    expect(await story.runNow(story.run)).toMatchObject({ state: 'completed' });
  });

  it('undoes a rejection, which others may have outvoted by then', async () => {
    await using story = await openStory();
    await story.approve('cora');
    await story.reject('lea');
    expect(await story.verdict()).toBe('rejected');
    expect(await story.withdraw('lea')).toMatchObject({ ok: true, state: 'pending' });
    expect(await story.verdict()).toBe('pending');
    await story.approve('lea');
    expect(await story.verdict()).toBe('governed');
  });

  it('is taken back once, by whoever made it', async () => {
    await using story = await openStory();
    await story.approve('lea');
    const results = await Promise.all([story.withdraw('lea'), story.withdraw('lea')]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await story.withdraw('cora')).toEqual({ ok: false, refusal: 'nothing_to_withdraw' });
  });

  it('reopens nothing that a newer submission of the same version has overtaken', async () => {
    await using story = await openStory();
    await story.reject('lea');
    story.governance.clock.advance(1);
    const newer = await story.governance.submit({ ...NAME, artifact: digestOf('newer bytes') });
    expect(await story.withdraw('lea')).toMatchObject({ ok: true, state: 'superseded' });
    expect(await story.state()).toBe('superseded');
    expect(await story.runNow(story.run)).toMatchObject({ state: 'failed', stands: false });
    expect(await story.runNow(newer)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('brings no request back to life that has lapsed', async () => {
    await using story = await openStory();
    await story.approve('lea');
    story.governance.clock.advance(30 * DAY);
    expect(await lapseRequests(story.context)).toBe(1);
    const lapsed = await story.runNow(story.run);
    expect(await story.withdraw('lea')).toMatchObject({ ok: true, state: 'lapsed' });
    expect(await story.runNow(story.run)).toEqual(lapsed);
    expect(await story.state()).toBe('lapsed');
  });

  it('leaves a request to lapse whose time is over', async () => {
    await using story = await openStory();
    await story.approve('lea');
    await story.approve('cora');
    story.governance.clock.advance(30 * DAY);
    expect(await story.withdraw('cora')).toMatchObject({ ok: true, state: 'lapsed' });
    expect(await lapseRequests(story.context)).toBe(1);
    expect(await story.runNow(story.run)).toMatchObject({ state: 'failed', stands: false });
  });
});
