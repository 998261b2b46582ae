import { migrateDatabase, openDatabase, startEmbeddedPostgres } from '../../src/storage/index.ts';
import type { Bench, BenchOptions, Reading } from '../bench.ts';
import { scratchFolder } from '../scratch.ts';
import { ECHO, postEchoes } from './echo.ts';
import { type Ground, openGround } from './ground.ts';
import { type Latencies, percentile99, steady } from './steady.ts';
import { type Acknowledgements, clickAtOnce, type StormReport, storm } from './storm.ts';

const FULL_CARDS = 50;
const DATABASE_BYTES = 2 ** 30;

/** How soon clicks are acknowledged and shown, beside a bare Bolt app that writes one row; and 1,000 of them at once. */
export const clicks: Bench = {
  name: 'clicks',
  summary:
    'click to acknowledgement and to the card, and 1,000 clicks on 50 cards at once, against a bare Bolt echo',
  async run({ scale, say }: BenchOptions): Promise<Reading[]> {
    const count = Math.max(2, Math.round(FULL_CARDS * scale));
    await using scratch = await scratchFolder(DATABASE_BYTES);
    await using postgres = await startEmbeddedPostgres({ dataDir: scratch.path, onProgress: () => {} });
    const url = postgres.connectionString;
    const db = openDatabase(url);
    await migrateDatabase(db);
    await db.destroy();
    await using ground = await openGround(url);
    return [...(await oneByOne(ground, count, say)), ...(await atOnce(ground, count, say))];
  },
};

async function oneByOne(ground: Ground, count: number, say: BenchOptions['say']): Promise<Reading[]> {
  say(`a bare Bolt app: ${count * 8} clicks on ${count} messages`);
  const echo = await ground.startEcho('http');
  const theirs = await steady(ground, await postEchoes(ground, count), ECHO);
  await echo.kill();
  say(`the bot: ${count * 8} clicks on ${count} cards`);
  const bot = await ground.startBot('http');
  const ours = await steady(ground, await ground.ask(count), 'Approve');
  await bot.kill();
  return latencyReadings(ours, theirs);
}

async function atOnce(ground: Ground, count: number, say: BenchOptions['say']): Promise<Reading[]> {
  say(`two bare Bolt apps: ${count * 20} clicks on ${count} messages at once`);
  const echoes = await Promise.all([ground.startEcho('socket'), ground.startEcho('socket')]);
  await ground.slack.sockets.waitForConnections(2);
  const theirs = await clickAtOnce(ground, await postEchoes(ground, count), ECHO);
  await Promise.all(echoes.map((echo) => echo.kill()));
  say(`two bots: ${count * 20} clicks on ${count} cards at once`);
  await Promise.all([ground.startBot('socket'), ground.startBot('socket')]);
  await ground.slack.sockets.waitForConnections(2);
  return stormReadings(await storm(ground, await ground.ask(count)), theirs, count);
}

/** Our value, the bare app's, and how many times as long ours may take. */
function beside(name: string, ours: number, theirs: number, atMost: number): Reading[] {
  return [
    { name, value: ours, unit: 's' },
    { name: '  the same of a bare Bolt app', value: theirs, unit: 's' },
    { name: '  ours to theirs', value: ours / theirs, unit: 'ratio', atMost },
  ];
}

/** A card shows a decision that was weighed, signed and appended to the ledger; a bare app's message a click. */
function latencyReadings(ours: Latencies, theirs: Latencies): Reading[] {
  const acknowledged = [percentile99(ours.acknowledged), percentile99(theirs.acknowledged)] as const;
  const shown = [percentile99(ours.shown), percentile99(theirs.shown)] as const;
  return [
    ...beside('click to acknowledgement, 99th percentile', ...acknowledged, 1.5),
    ...beside('click to card updated, 99th percentile', ...shown, 10),
  ];
}

function stormReadings(report: StormReport, theirs: Acknowledgements, count: number): Reading[] {
  const exactly = (name: string, value: number, wanted: number): Reading => ({
    name: `at once: ${name}`,
    value,
    unit: 'rows',
    atMost: wanted,
    atLeast: wanted,
  });
  const acknowledged = [percentile99(report.acknowledged), percentile99(theirs.acknowledged)] as const;
  const late = 'at once: acknowledged after 3 s';
  return [
    exactly('answers to people', report.answers, count * 20),
    exactly('decisions', report.decisions, count * 8),
    exactly('decisions beyond the first of a person', report.doubles, 0),
    exactly('cards that end wrong', report.wrongCards, 0),
    ...beside('at once: to acknowledgement, 99th percentile', ...acknowledged, 1.5),
    { name: late, value: report.unacknowledged, unit: 'rows', atMost: theirs.unacknowledged },
    { name: '  the same of bare Bolt apps', value: theirs.unacknowledged, unit: 'rows' },
    { name: 'at once: until all is answered and shown', value: report.duration, unit: 's' },
  ];
}
