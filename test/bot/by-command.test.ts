import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, type OverrideStanding } from '../../src/domain/index.ts';
import { HOUR, later } from '../../src/lib/index.ts';
import {
  createToken,
  grantOverride,
  judgeArtifact,
  overrideStatus,
  overridesOnPage,
  previewOverride,
} from '../../src/services/index.ts';
import { type Listening, listenWith } from '../api/listening.ts';
import { problemOf } from '../api/open-api.ts';
import type { Ended } from '../cli/open-service.ts';
import { runHere } from '../cli/run-here.ts';
import { APPROVALS, type BotHarness, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';
import { apiOf, askApi, confirmedToken, whileBotWorks } from '../support/person-api.ts';

type User = 'lea' | 'cora' | 'nora';

let harness: BotHarness;
let server: Listening;
let folder: string;
const secrets = new Map<User, string>();
beforeAll(async () => {
  harness = await startBotHarness({ override: 'second_person: false' });
  server = await listenWith(apiOf(harness));
  folder = await mkdtemp(join(tmpdir(), 'countersign-words-'));
  for (const user of ['lea', 'cora', 'nora'] as const) secrets.set(user, await confirmedToken(harness, user));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command with somebody's token, and types the end of the digest where it asks. */
function command(user: User, args: readonly string[], typed: string | null = null): Promise<Ended> {
  const env = { COUNTERSIGN_URL: server.url, COUNTERSIGN_TOKEN: secrets.get(user) ?? '' };
  return whileBotWorks(
    harness,
    runHere(args, env, async () => typed),
  );
}

async function submitted(modelId: string) {
  const artifact = digestOf(modelId);
  const { requestId } = await harness.ask({ modelId, modelVersion: '1.0.0', artifact });
  const name = `${modelId}@1.0.0`;
  return { artifact, requestId, name, ending: artifact.slice(-6) };
}

async function overridden(modelId: string, hours = 4): Promise<string> {
  const { context } = harness.story;
  await submitted(modelId);
  const account = { team: TEAM, user: SLACK_USERS.otto };
  const confirmed_at = later(context.clock.now(), 1000 * HOUR);
  await context.db
    .insertInto('slack_accounts')
    .values({ team: TEAM, user_id: account.user, bar: null, confirmed_at })
    .onConflict((oc) => oc.columns(['team', 'user_id']).doUpdateSet({ confirmed_at }))
    .execute();
  const asked = { modelId, modelVersion: '1.0.0', environment: 'production', person: 'otto', account };
  const { view } = await previewOverride(context, asked);
  if (view === null) throw new Error(`nothing tells which bytes ${modelId} is`);
  const words = { reason: 'An outage.', reference: 'INC-17', duration: hours * HOUR };
  const result = await grantOverride(context, { wish: modelId, ...asked, view, ...words });
  if (!result.ok) throw new Error(result.refusal);
  return result.override.id;
}

describe('countersign withdraw', () => {
  it('takes back what one decided, by name though nothing waits any more, and the model is not governed', async () => {
    const { artifact, name, ending } = await submitted('taken-back');
    for (const user of ['lea', 'cora'] as const)
      expect(await command(user, ['approve', name], ending)).toMatchObject({ status: 0 });
    const status = async () =>
      (await judgeArtifact(harness.story.context, { artifact, environment: 'production' })).status;
    expect(await status()).toBe('governed');
    expect((await command('lea', ['approvals'])).stderr).toContain('nothing waits');
    expect((await command('lea', ['approvals', '--answered'])).stdout).toContain(name);
    expect(await command('lea', ['withdraw', name], '000000')).toMatchObject({ status: 2 });
    const scripted = ['withdraw', name, '--yes', '--digest', artifact];
    expect(await command('lea', scripted)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('withdrawn; the request is pending'),
    });
    expect(await status()).toBe('pending');
    expect(await command('lea', scripted)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`no answer of yours about ${name} stands`),
    });
  });

  it('ends with 1 where the rules refuse, as approve does, in the words of Slack', async () => {
    const { requestId, name, ending } = await submitted('refused');
    expect(await command('lea', ['withdraw', requestId], ending)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('There is no decision of yours that stands there.'),
    });
    expect(await command('nora', ['approve', name], ending)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('You hold none of the roles'),
    });
    expect(await command('lea', ['approve', name], ending)).toMatchObject({ status: 0 });
    expect(await command('lea', ['reject', name, '--reason', 'no'], ending)).toMatchObject({ status: 1 });
  });
});

describe('countersign overrides', () => {
  it('lists them by how they stand, just as the domain says, page by page', async () => {
    const { context } = harness.story;
    const short = await overridden('short', 1);
    harness.story.advance(2 * HOUR);
    const long = await overridden('long');
    const all = (await overridesOnPage(context, { limit: 100 })).overrides;
    expect(all.map(({ override }) => override.id)).toEqual([long, short]);
    const fits: Record<string, (standing: OverrideStanding) => boolean> = {
      ended: ({ phase }) => phase === 'ended',
      in_force: ({ phase }) => phase === 'in_force',
      waiting: ({ phase }) => phase === 'waiting',
      lapsed: ({ phase }) => phase === 'lapsed',
      undocumented: ({ documentation }) => documentation === 'due' || documentation === 'overdue',
    };
    for (const [state, isSo] of Object.entries(fits)) {
      const { stdout } = await command('nora', ['overrides', '--state', state, '--json']);
      const listed = (JSON.parse(stdout) as { overrides: { id: string }[] }).overrides;
      expect(listed.map(({ id }) => id)).toEqual(all.filter(isSo).map(({ override }) => override.id));
    }
    const first = await command('nora', ['overrides', '--limit', '1']);
    expect(first.stdout).toContain(long);
    expect(first.stderr).toContain(`--after ${long}`);
    expect((await command('nora', ['overrides', '--after', long])).stdout).toContain(short);
    expect((await command('nora', ['overrides', '--model', 'none'])).stderr).toContain('no overrides');
    expect(await command('nora', ['overrides', '--state', 'closed'])).toMatchObject({ status: 2 });
    expect(await command('nora', ['overrides', '--environment', 'moon'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('expected one of production'),
    });
  });

  it('are documented as by the form in Slack: signed, shown on the card, settled once', async () => {
    const { context } = harness.story;
    const id = await overridden('documented');
    const file = join(folder, 'incident.md');
    await writeFile(file, '  INC-17: <!channel> nobody was affected.\n');
    const args = ['overrides', 'document', id, '--text-file', file];
    expect(await command('nora', args)).toMatchObject({
      status: 0,
      stdout: 'recorded: the override of documented@1.0.0 in production is settled\n',
    });
    expect(await overrideStatus(context, id)).toMatchObject({
      documentation: 'documented',
      override: { documentation: 'INC-17: <!channel> nobody was affected.', documentedBy: 'nora' },
    });
    const card = harness.slack.messages(APPROVALS).findLast((said) => textOf(said).includes(id));
    expect(textOf(card ?? { text: '' })).toContain('INC-17: &lt;!channel&gt; nobody was affected.');
    expect((await command('nora', [...args, '--json'])).stdout).toContain('"recorded": false');
    expect(await command('lea', args)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('was documented by nora, 20'),
    });
    const kept = await context.db.selectFrom('inbox').select('payload').execute();
    expect(JSON.stringify(kept)).not.toContain('nobody was affected');
  });

  it('are documented by nobody else, and not without words', async () => {
    const id = await overridden('owed');
    const path = `/api/v1/overrides/${id}/documentation`;
    const nora = secrets.get('nora') ?? '';
    const text = { documentation: 'What happened.' };
    const ci = { subject: 'ci:build', scopes: ['read', 'admin'] as const, note: '', expiresAt: null };
    const { secret } = await createToken(harness.story.context, ci);
    expect(await problemOf(await askApi(harness, path, secret, text))).toMatchObject({ code: 'forbidden' });
    for (const documentation of [' ', 'x'.repeat(3001)])
      expect(await problemOf(await askApi(harness, path, nora, { documentation }))).toMatchObject({
        status: 400,
        problems: [{ where: 'body documentation' }],
      });
    const none = `/api/v1/overrides/${'0'.repeat(64)}/documentation`;
    expect(await problemOf(await askApi(harness, none, nora, text))).toMatchObject({ code: 'not_found' });
    harness.slack.updateUser(SLACK_USERS.nora, { deleted: true });
    harness.story.advance(2 * 60_000);
    expect(await problemOf(await askApi(harness, path, nora, text))).toMatchObject({
      status: 403,
      code: 'account_barred',
    });
    expect((await overrideStatus(harness.story.context, id)).documentation).toBe('due');
    expect(await command('lea', ['overrides', 'document', id])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('neither is given'),
    });
  });
});
