import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY, MINUTE } from '../../src/lib/index.ts';
import { approvalStatus, lapseRequests, pendingApprovals } from '../../src/services/index.ts';
import { findApprovalRequestOfRun, findRun, lockApprovalRequest, type Run } from '../../src/storage/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: digestOf('bytes') };

async function openStory() {
  const database = await createTestDatabase();
  const governance = openGovernance(database.db);
  const { clock, context } = governance;
  const requestOf = async (run: Run) => {
    const request = await findApprovalRequestOfRun(database.db, run.id);
    if (request === null) throw new Error('nobody was asked');
    return request;
  };
  /** Ids of the requests whose card is due to be shown since the last time this was asked. */
  let after = 0;
  const cards = async () => {
    const rows = await database.db
      .selectFrom('outbox')
      .select(['id', 'payload'])
      .where('queue', '=', 'slack')
      .where('name', '=', 'show-approval-card')
      .where('id', '>', after)
      .orderBy('id')
      .execute();
    after = rows.at(-1)?.id ?? after;
    return rows.map(({ payload }) => payload['requestId']);
  };
  return {
    database,
    governance,
    cards,
    requestOf,
    lapse: () => lapseRequests(context),
    runOf: async ({ id }: Run) => (await findRun(database.db, id)) ?? null,
    /** Moves the clock to the instant at which a run's request lapses. */
    expire: async (run: Run) => {
      const { expiresAt } = (await requestOf(run)).view;
      clock.advance(Date.parse(expiresAt) - Date.parse(clock.now()));
      return expiresAt;
    },
    [Symbol.asyncDispose]: () => database.close(),
  };
}

describe('a request that nobody answered', () => {
  it('ends at its time and not before: the run failed, and the card is shown anew, once', async () => {
    await using story = await openStory();
    const { clock, context } = story.governance;
    const run = await story.governance.submit(NAME);
    const { id } = await story.requestOf(run);
    expect(await story.cards()).toEqual([id]);
    const expiresAt = await story.expire(run);
    clock.advance(-1);
    expect(await story.lapse()).toBe(0);
    expect(await story.runOf(run)).toMatchObject({ state: 'awaiting_approval', stands: true });

    clock.advance(1);
    expect(await story.lapse()).toBe(1);
    expect(await story.cards()).toEqual([id]);
    expect((await approvalStatus(context, id)).state).toBe('lapsed');
    const ended = await story.runOf(run);
    expect(ended).toMatchObject({
      state: 'failed',
      stands: false,
      failure: `too few people answered by ${expiresAt}`,
      finishedAt: clock.now(),
    });

    clock.advance(DAY);
    expect(await story.lapse()).toBe(0);
    expect(await story.cards()).toEqual([]);
    expect(await story.runOf(run)).toEqual(ended);
    expect(await pendingApprovals(context)).toEqual([]);
  });

  it('ends when too few did', async () => {
    await using story = await openStory();
    const run = await story.governance.submit(NAME);
    await story.governance.answer(run, 'lea', 'approved');
    await story.expire(run);
    expect(await story.lapse()).toBe(1);
    expect(await story.runOf(run)).toMatchObject({ state: 'failed', stands: false });
  });

  it('stays as it ended when the same is submitted again', async () => {
    await using story = await openStory();
    const run = await story.governance.submit(NAME);
    await story.expire(run);
    await story.lapse();
    const ended = await story.runOf(run);
    story.governance.clock.advance(MINUTE);
    await story.governance.govern(NAME);
    expect(await story.runOf(run)).toEqual(ended);
    expect((await story.requestOf(run)).supersededAt).toBeNull();
  });
});

describe('what is left alone', () => {
  it('is a request that was decided, and one that a newer run superseded', async () => {
    await using story = await openStory();
    const approved = await story.governance.govern(NAME);
    const rejected = await story.governance.submit({ ...NAME, modelVersion: '4.1.3' });
    await story.governance.answer(rejected, 'cora', 'rejected');
    const superseded = await story.governance.submit({ ...NAME, modelVersion: '4.1.4' });
    story.governance.clock.advance(DAY);
    const newer = await story.governance.submit({ ...NAME, modelVersion: '4.1.4' });
    const before = await Promise.all([approved, rejected, superseded].map(story.runOf));
    await story.expire(newer);
    expect(await story.lapse()).toBe(1);
    expect(await Promise.all([approved, rejected, superseded].map(story.runOf))).toEqual(before);
    expect(await story.runOf(newer)).toMatchObject({ state: 'failed' });
  });

  it('is a request that somebody is deciding, until that is done', async () => {
    await using story = await openStory();
    const run = await story.governance.submit(NAME);
    const { id } = await story.requestOf(run);
    await story.expire(run);
    await story.database.db.transaction().execute(async (tx) => {
      await lockApprovalRequest(tx, id);
      expect(await story.lapse()).toBe(0);
    });
    expect(await story.lapse()).toBe(1);
  });
});

it('of several that lapse together each is ended once, whoever looks', async () => {
  await using story = await openStory();
  const runs = [];
  for (const modelVersion of ['1', '2', '3'])
    runs.push(await story.governance.submit({ ...NAME, modelVersion }));
  await story.cards();
  await story.expire(runs.at(-1) as Run);
  const counts = await Promise.all([story.lapse(), story.lapse(), story.lapse()]);
  expect(counts.reduce((sum, count) => sum + count, await story.lapse())).toBe(3);
  expect(await story.cards()).toHaveLength(3);
});
