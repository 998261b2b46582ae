import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { digestOf } from '../../src/domain/index.ts';
import { HOUR, MINUTE } from '../../src/lib/index.ts';
import {
  confirmOverride,
  createLead,
  documentOverride,
  exportRecord,
  followOverrides,
  grantOverride,
  judgeArtifact,
  reconcile,
  trustPolicyNow,
} from '../../src/services/index.ts';
import { listFindings, listOverrides } from '../../src/storage/index.ts';
import { type BotStory, openBotStory, SLACK_USERS, TEAM } from '../support/bot-story.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { UNPUBLISHED } from '../support/ground.ts';

let database: TestDatabase;
let story: BotStory;
beforeAll(async () => {
  database = await createTestDatabase();
  story = openBotStory(database.db, { override: 'second_person: true, max_hours: 8' });
  const confirmedAt = new Date(Date.now() + 365 * 24 * HOUR).toISOString();
  for (const user of Object.values(SLACK_USERS))
    await database.db
      .insertInto('slack_accounts')
      .values({ team: TEAM, user_id: user, bar: null, confirmed_at: confirmedAt })
      .execute();
});
afterAll(() => database.close());

const account = (user: keyof typeof SLACK_USERS) => ({ team: TEAM, user: SLACK_USERS[user] });
const environment = 'production';

async function submitted(modelId: string) {
  const name = { modelId, modelVersion: '1.0.0' };
  const { artifact } = await story.submit({ ...name, artifact: digestOf(modelId) });
  return { ...name, artifact: artifact.digest };
}

const wishFor = (modelId: string, wish: string) => ({
  ...{ wish, modelId, modelVersion: '1.0.0', environment, person: 'otto', account: account('otto') },
  ...{ reason: 'An outage.', reference: null, duration: 4 * HOUR },
});

describe('an override', () => {
  it('is granted once, however often and at once it is wished for', async () => {
    await submitted('often');
    const wishes = ['one', 'one', 'two'].map((wish) => grantOverride(story.context, wishFor('often', wish)));
    const results = await Promise.all(wishes);
    const granted = results.flatMap((result) => (result.ok ? [result.override.id] : []));
    expect(new Set(granted).size).toBe(1);
    expect(await listOverrides(database.db, { modelId: 'often' })).toHaveLength(1);
    expect(await grantOverride(story.context, wishFor('often', 'three'))).toEqual({
      ok: false,
      refusal: 'already_open',
    });
  });

  it.each([
    ['too_long', { duration: 9 * HOUR }],
    ['reason_required', { reason: ' ' }],
    ['no_role', { person: 'lea', account: account('lea') }],
    ['submitter_or_author', { person: 'sam', account: account('sam') }],
    ['unknown_artifact', { modelVersion: '9.9.9' }],
  ])('is refused: %s', async (refusal, change) => {
    await submitted(`refused-${refusal.replaceAll('_', '-')}`);
    const wish = wishFor(`refused-${refusal.replaceAll('_', '-')}`, refusal);
    expect(await grantOverride(story.context, { ...wish, ...change })).toEqual({ ok: false, refusal });
  });

  it('is good for who verifies offline too, with its confirmation and no longer than the rules say', async () => {
    const { artifact, ...name } = await submitted('offline');
    const granted = await grantOverride(story.context, wishFor('offline', 'offline'));
    if (!granted.ok) throw new Error(granted.refusal);
    const offline = async (later = 0) => {
      const record = await exportRecord(story.context, { ...name, artifact, environment });
      const policy = await trustPolicyNow(story.context);
      const now = new Date(Date.parse(story.context.clock.now()) + later).toISOString();
      return judgeOffline({ record, policy, artifact: { digest: artifact, bytes: 1 } }, { environment, now });
    };
    expect((await offline()).verdict.status).toBe('pending');
    const second = { overrideId: granted.override.id, person: 'olga', account: account('olga') };
    const twice = await Promise.all([1, 2].map(() => confirmOverride(story.context, second)));
    expect(twice.map(({ ok }) => ok)).toEqual([true, true]);
    const online = await judgeArtifact(story.context, { artifact, environment, name });
    const { verdict, allowed } = await offline();
    expect(allowed).toBe(true);
    expect(verdict.override).toEqual(online.override);
    expect((await offline(4 * HOUR + MINUTE)).allowed).toBe(false);

    // Whoever leaves the pipeline out, which may forbid it, gains nothing.
    const record = await exportRecord(story.context, { ...name, artifact, environment });
    const policy = await trustPolicyNow(story.context);
    const stripped = { record: { ...record, pipelines: [] }, policy };
    const now = story.context.clock.now();
    expect(
      judgeOffline({ ...stripped, artifact: { digest: artifact, bytes: 1 } }, { environment, now }).allowed,
    ).toBe(false);
  });

  it('fires a finding when its documentation is overdue, which ends with the documentation', async () => {
    await submitted('owing');
    const granted = await grantOverride(story.context, wishFor('owing', 'owing'));
    if (!granted.ok) throw new Error(granted.refusal);
    const { id: overrideId } = granted.override;
    await confirmOverride(story.context, { overrideId, person: 'olga', account: account('olga') });
    const monitor = { ...story.context, sources: [], publishing: UNPUBLISHED };
    const lead = createLead(monitor);
    const firing = async () => {
      await reconcile(monitor, lead);
      const rows = await listFindings(database.db, { state: 'firing', modelId: 'owing' });
      return rows.map(({ finding: { kind, severity } }) => ({ kind, severity }));
    };
    expect(await firing()).toEqual([]);
    story.advance(73 * HOUR);
    expect(await firing()).toEqual([{ kind: 'override_undocumented', severity: 'critical' }]);
    const noticed = await Promise.all([1, 2].map(() => followOverrides(story.context)));
    expect(noticed.filter((count) => count > 0).length).toBeGreaterThan(0);
    expect(await followOverrides(story.context)).toBe(0);
    expect(await grantOverride(story.context, wishFor('owing', 'again'))).toEqual({
      ok: false,
      refusal: 'undocumented',
    });
    const words = { overrideId, person: 'nora', documentation: 'It is made up for.' };
    expect(await documentOverride(story.context, words)).toMatchObject({ ok: true });
    expect(await documentOverride(story.context, words)).toMatchObject({ ok: true });
    expect(await documentOverride(story.context, { ...words, person: 'lea' })).toEqual({
      ok: false,
      refusal: 'already_documented',
    });
    expect(await firing()).toEqual([]);
    await lead.release();
  });
});
