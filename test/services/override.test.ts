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
  type OverrideWish,
  previewOverride,
  reconcile,
  trustPolicyNow,
} from '../../src/services/index.ts';
import { compileDossier } from '../../src/services/judge-artifact.ts';
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

async function submitted(modelId: string, modelVersion = '1.0.0') {
  const name = { modelId, modelVersion };
  const { artifact } = await story.submit({ ...name, artifact: digestOf(`${modelId} ${modelVersion}`) });
  return { ...name, artifact: artifact.digest };
}

const wishFor = (modelId: string, wish: string) => ({
  ...{ wish, modelId, modelVersion: '1.0.0', environment, person: 'otto', account: account('otto') },
  ...{ reason: 'An outage.', reference: null, duration: 4 * HOUR },
});

/** What is asked for and what was shown are of the same moment, unless a test lets time pass between. */
async function grant(modelId: string, wish: string, change: Partial<OverrideWish> = {}) {
  const asked = { ...wishFor(modelId, wish), ...change };
  const { view } = await previewOverride(story.context, asked);
  return grantOverride(story.context, { ...asked, view: view ?? digestOf('nothing') });
}

const confirm = (overrideId: string, person: 'olga' | 'sam' = 'olga') =>
  confirmOverride(story.context, { overrideId, person, account: account(person) });

describe('an override', () => {
  it('is granted once, however often and at once it is wished for', async () => {
    await submitted('often');
    const wishes = ['one', 'one', 'two'].map((wish) => grant('often', wish));
    const results = await Promise.all(wishes);
    const granted = results.flatMap((result) => (result.ok ? [result.override.id] : []));
    expect(new Set(granted).size).toBe(1);
    expect(await listOverrides(database.db, { modelId: 'often' })).toHaveLength(1);
    expect(await grant('often', 'three')).toEqual({
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
    const modelId = `refused-${refusal.replaceAll('_', '-')}`;
    await submitted(modelId);
    expect(await grant(modelId, refusal, change)).toEqual({ ok: false, refusal });
  });

  it('is about what its form showed, signed with it, and refused once other bytes go by the name', async () => {
    const name = await submitted('shown');
    const asked = wishFor('shown', 'shown');
    const before = await previewOverride(story.context, asked);
    await story.submit({ ...name, artifact: digestOf('other bytes') });
    const wish = { ...asked, view: before.view ?? digestOf('nothing') };
    const refused = { ok: false, refusal: 'changed_meanwhile' };
    expect(await grantOverride(story.context, wish)).toEqual(refused);
    const after = await previewOverride(story.context, asked);
    expect(await grant('shown', 'shown anew')).toMatchObject({ ok: true });
    const { statements } = await compileDossier(story.context, digestOf('other bytes'));
    const signed = statements.flatMap((said) => (said.kind === 'override/v1' ? [said.body.view] : []));
    expect(signed).toEqual([after.view]);
  });

  it('is confirmed for the overridden bytes, whatever goes by their name now: not by who made them', async () => {
    const name = await submitted('renewed');
    const granted = await grant('renewed', 'renewed');
    if (!granted.ok) throw new Error(granted.refusal);
    await story.submit({ ...name, artifact: digestOf('newer bytes'), submitter: 'olga' });
    const { id } = granted.override;
    expect(await confirm(id, 'sam')).toEqual({ ok: false, refusal: 'submitter_or_author' });
    expect(await confirm(id, 'olga')).toMatchObject({ ok: true });
    const { artifact } = name;
    const verdict = await judgeArtifact(story.context, { artifact, environment, name });
    expect(verdict.status).toBe('overridden');
  });

  it('is good for who verifies offline too, with its confirmation and no longer than the rules say', async () => {
    const { artifact, ...name } = await submitted('offline');
    const granted = await grant('offline', 'offline');
    if (!granted.ok) throw new Error(granted.refusal);
    const offline = async (later = 0) => {
      const record = await exportRecord(story.context, { ...name, artifact, environment });
      const policy = await trustPolicyNow(story.context);
      const now = new Date(Date.parse(story.context.clock.now()) + later).toISOString();
      return judgeOffline({ record, policy, artifact: { digest: artifact } }, { environment, now });
    };
    expect((await offline()).verdict.status).toBe('pending');
    const twice = await Promise.all([1, 2].map(() => confirm(granted.override.id)));
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
    expect(judgeOffline({ ...stripped, artifact: { digest: artifact } }, { environment, now }).allowed).toBe(
      false,
    );
  });

  it('fires a finding when its documentation is overdue, which ends with the documentation', async () => {
    await submitted('owing');
    const granted = await grant('owing', 'owing');
    if (!granted.ok) throw new Error(granted.refusal);
    const { id: overrideId } = granted.override;
    await confirm(overrideId);
    const monitor = { ...story.context, sources: [], publishing: UNPUBLISHED };
    const lead = createLead(monitor);
    const firing = async () => {
      await reconcile(monitor, lead);
      const rows = await listFindings(database.db, { state: 'firing', modelId: 'owing' });
      return rows.map(({ finding: { kind, severity } }) => ({ kind, severity }));
    };
    expect(await firing()).toEqual([]);
    story.advance(71 * HOUR);
    await submitted('owing', '2.0.0');
    const waiting = await grant('owing', 'waiting', { modelVersion: '2.0.0' });
    if (!waiting.ok) throw new Error(waiting.refusal);
    story.advance(2 * HOUR);
    expect(await confirm(waiting.override.id)).toEqual({ ok: false, refusal: 'undocumented' });
    expect(await firing()).toEqual([{ kind: 'override_undocumented', severity: 'critical' }]);
    const noticed = await Promise.all([1, 2].map(() => followOverrides(story.context)));
    expect(noticed.filter((count) => count > 0).length).toBeGreaterThan(0);
    expect(await followOverrides(story.context)).toBe(0);
    expect(await grant('owing', 'again')).toEqual({
      ok: false,
      refusal: 'undocumented',
    });
    await submitted('owing', '3.0.0');
    expect(await grant('owing', 'of another version', { modelVersion: '3.0.0' })).toEqual({
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
    // A job that comes again is refused again, though nothing stands in the way any more.
    expect(await grant('owing', 'again')).toEqual({ ok: false, refusal: 'undocumented' });
    // Of bytes that nothing was signed about: of the others the monitor asks who was seen to ask, and here nobody clicked.
    expect(await grant('owing', 'anew', { modelVersion: '3.0.0' })).toMatchObject({ ok: true });
    await lead.release();
  });
});
