import { join } from 'node:path';
import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { migrateDatabase, openDatabase, startEmbeddedPostgres } from '../../src/storage/index.ts';
import type { Bench, BenchOptions, Reading } from '../bench.ts';
import { scratchFolder } from '../scratch.ts';
import { BOT_TOKEN, CHANNEL, type Ground, launchBot, openGround, SIGNING_SECRET } from './ground.ts';
import { type Latencies, percentile99, steady } from './steady.ts';
import { type StormReport, storm } from './storm.ts';

const FULL_CARDS = 50;
const DATABASE_BYTES = 2 ** 30;

/** How soon clicks are acknowledged and shown, beside a bare Bolt app that writes one row; and 1,000 of them at once. */
export const clicks: Bench = {
  name: 'clicks',
  summary:
    'click to acknowledgement and to the card, against a bare Bolt echo; 1,000 clicks on 50 cards at once',
  async run({ scale, say }: BenchOptions): Promise<Reading[]> {
    const count = Math.max(2, Math.round(FULL_CARDS * scale));
    await using scratch = await scratchFolder(DATABASE_BYTES);
    await using postgres = await startEmbeddedPostgres({ dataDir: scratch.path, onProgress: () => {} });
    const url = postgres.connectionString;
    const db = openDatabase(url);
    await migrateDatabase(db);
    await db.destroy();
    await using ground = await openGround(url);
    say(`a bare Bolt app: ${count * 8} clicks on ${count} messages`);
    const theirs = await ofEcho(ground, url, count);
    say(`the bot: ${count * 8} clicks on ${count} cards`);
    const bot = await ground.startBot('http');
    const ours = await steady(ground, await ground.ask(count), 'Approve');
    await bot.kill();
    say(`two bots: ${count * 20} clicks on ${count} cards at once`);
    await Promise.all([ground.startBot('socket'), ground.startBot('socket')]);
    await ground.slack.sockets.waitForConnections(2);
    const cards = await ground.ask(count);
    return [...latencyReadings(ours, theirs), ...stormReadings(await storm(ground, cards), count)];
  },
};

async function ofEcho(ground: Ground, databaseUrl: string, count: number): Promise<Latencies> {
  const { slack } = ground;
  const child = await launchBot([join(import.meta.dirname, 'echo-child.ts')], {
    DATABASE_URL: databaseUrl,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
  });
  slack.connect(`${child.url}/slack/events`);
  const messages: SlackMessage[] = [];
  for (let index = 0; index < count; index++) await post(slack.apiUrl, index);
  messages.push(...slack.messages(CHANNEL).slice(-count));
  const latencies = await steady(ground, messages, 'Echo');
  await child.kill();
  return latencies;
}

async function post(apiUrl: string, index: number): Promise<void> {
  const button = {
    type: 'button',
    action_id: 'echo',
    text: { type: 'plain_text', text: 'Echo' },
    value: `${index}`,
  };
  const blocks = [
    { type: 'section', text: { type: 'mrkdwn', text: `message ${index}` } },
    { type: 'actions', elements: [button] },
  ];
  const answer = await fetch(`${apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ channel: CHANNEL, text: 'echo', blocks }),
  });
  if (!((await answer.json()) as { ok: boolean }).ok) throw new Error('the message was not posted');
}

function latencyReadings(ours: Latencies, theirs: Latencies): Reading[] {
  const acknowledged = percentile99(ours.acknowledged);
  const shown = percentile99(ours.shown);
  return [
    { name: 'click to acknowledgement, 99th percentile', value: acknowledged, unit: 's', atMost: 1 },
    { name: 'the same of a bare Bolt app', value: percentile99(theirs.acknowledged), unit: 's' },
    { name: 'click to card updated, 99th percentile', value: shown, unit: 's', atMost: 3 },
    { name: 'the same of a bare Bolt app', value: percentile99(theirs.shown), unit: 's' },
  ];
}

function stormReadings(report: StormReport, count: number): Reading[] {
  const exactly = (name: string, value: number, wanted: number): Reading => ({
    name: `at once: ${name}`,
    value,
    unit: 'rows',
    atMost: wanted,
    atLeast: wanted,
  });
  return [
    exactly('answers to people', report.answers, count * 20),
    exactly('decisions', report.decisions, count * 16),
    exactly('decisions beyond the first of a person', report.doubles, 0),
    exactly('cards that end wrong', report.wrongCards, 0),
    {
      name: 'at once: to acknowledgement, 99th percentile',
      value: percentile99(report.acknowledged),
      unit: 's',
    },
    { name: 'at once: acknowledged after 3 s', value: report.unacknowledged, unit: 'rows' },
    { name: 'at once: until all is answered and shown', value: report.duration, unit: 's' },
  ];
}
