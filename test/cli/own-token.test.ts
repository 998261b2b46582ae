import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decisionsOn } from '../../src/storage/index.ts';
import { type Listening, listenWith } from '../api/listening.ts';
import { APP_ID, APPROVALS, type BotHarness, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';
import { apiOf } from '../support/person-api.ts';
import { countersign } from './open-service.ts';
import { runHere } from './run-here.ts';

let harness: BotHarness;
let server: Listening;
let folder: string;
beforeAll(async () => {
  harness = await startBotHarness();
  server = await listenWith(apiOf(harness));
  folder = await mkdtemp(join(tmpdir(), 'countersign-own-token-'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command while the bot does what there is to do. */
async function whileBotWorks<T>(command: Promise<T>): Promise<T> {
  let isDone = false;
  const ended = command.finally(() => {
    isDone = true;
  });
  while (!isDone) await harness.work();
  return ended;
}

it('an operator makes a token, its person confirms it in Slack, approves by command, and the card says so', {
  timeout: 60_000,
}, async () => {
  const { card, requestId, run } = await harness.ask();
  const file = join(folder, 'countersign.yaml');
  const lea = { id: 'lea', name: 'Lea', slack: [{ team: TEAM, user: SLACK_USERS.lea }] };
  const slack = { team: TEAM, app_id: APP_ID, approval_channel: APPROVALS };
  await writeFile(file, JSON.stringify({ data_dir: 'data', people: [lea], slack }));
  // As on a laptop: the bot alone holds the tokens of Slack.
  const operator = { COUNTERSIGN_CONFIG: file, DATABASE_URL: harness.database.connectionString };
  const wish = ['--subject', 'person:lea', '--scope', 'decide', '--expires-in', '30d', '--note', 'laptop'];
  const made = await countersign(['tokens', 'create', ...wish], operator);
  expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('Slack')]);
  const env = { COUNTERSIGN_URL: server.url, COUNTERSIGN_TOKEN: made.stdout.trim() };
  const ending = async () => run.artifact.digest.slice(-6);
  const approve = () => whileBotWorks(runHere(['approve', 'fraud-detection@4.1.2'], env, ending));
  const early = await approve();
  expect([early.status, early.stderr]).toEqual([2, expect.stringContaining('confirms it in Slack')]);
  const asking = harness.slack.messages(SLACK_USERS.lea).at(-1);
  await harness.slack
    .as(SLACK_USERS.lea)
    .clickButton({ channel: asking?.channel ?? '', ts: asking?.ts ?? '', text: 'Confirm' });
  expect(await harness.work()).toEqual([]);
  const given = await approve();
  expect([given.status, given.stderr]).toEqual([0, '']);
  expect(given.stdout).toContain('recorded: approved; the request is pending');
  expect(await decisionsOn(harness.story.context.db, requestId)).toMatchObject([
    { person: 'lea', assurance: 'api_token' },
  ]);
  expect(textOf(harness.now(card))).toContain(`✅ <@${SLACK_USERS.lea}>`);
});

it('a token that decides is refused where the configuration has no Slack at all', async () => {
  const file = join(folder, 'without-slack.yaml');
  await writeFile(file, JSON.stringify({ data_dir: 'data' }));
  const operator = { COUNTERSIGN_CONFIG: file, DATABASE_URL: harness.database.connectionString };
  const wish = ['--subject', 'person:lea', '--scope', 'decide', '--expires-in', '30d'];
  const made = await countersign(['tokens', 'create', ...wish], operator);
  expect([made.status, made.stdout]).toEqual([2, '']);
  expect(made.stderr).toContain(`${file} has no slack: section`);
});
