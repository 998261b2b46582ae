import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { DAY, HOUR } from '../../src/lib/index.ts';
import { createAlertChannel, createSlackClient, personNamer } from '../../src/notify/index.ts';
import {
  createLead,
  deliverFinding,
  executeRun,
  type Lead,
  reconcile,
  runAgain,
} from '../../src/services/index.ts';
import { latestRunOf, listFindings } from '../../src/storage/index.ts';
import { createPlace } from '../services/watched.ts';
import { alertingIn } from '../support/alerting.ts';
import { BOT_TOKEN, type BotHarness, buttonsOf, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';
import { UNPUBLISHED } from '../support/ground.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const BYTES = digestOf('the bytes of 4.1.2');
const ALERTS = 'C0ALERTS';

let harness: BotHarness;
let lead: Lead;
let tick: () => Promise<number>;
beforeAll(async () => {
  harness = await startBotHarness();
  const { context } = harness.story;
  const place = createPlace('list');
  place.deploy('eu', 'fraud-detection@4.1.2', { digest: BYTES });
  const monitor = { ...context, sources: [place], publishing: UNPUBLISHED };
  lead = createLead(monitor);
  const client = createSlackClient({ token: BOT_TOKEN, apiUrl: harness.slack.apiUrl });
  const around = { nameOf: personNamer(context.directory, TEAM), runUrl: () => null };
  const channel = createAlertChannel(client, '#model-alerts', around);
  tick = async () => {
    await reconcile(monitor, lead);
    const [row] = await listFindings(context.db, { state: 'firing' });
    if (row === undefined) throw new Error('nothing fires');
    await deliverFinding({ ...context, alerting: alertingIn('#model-alerts', channel) }, row.id);
    expect(await harness.work()).toEqual([]);
    return row.id;
  };
  const { card } = await harness.ask({ ...NAME, artifact: BYTES });
  for (const user of ['lea', 'cora'] as const) await harness.click(user, card);
  harness.story.advance(76 * DAY + HOUR);
}, 60_000);
afterAll(async () => {
  await lead.release();
  await harness[Symbol.asyncDispose]();
});

const command = (user: keyof typeof SLACK_USERS, text: string) =>
  harness.slack.as(SLACK_USERS[user]).slashCommand('/governance', text, ALERTS);
const alert = (): SlackMessage => {
  const [card] = harness.slack.messages(ALERTS).filter(({ thread_ts: thread }) => thread === undefined);
  if (card === undefined) throw new Error('no alert was posted');
  return card;
};
const endsIn = (user: keyof typeof SLACK_USERS) =>
  harness.slack
    .messages(SLACK_USERS[user])
    .map(textOf)
    .filter((text) => text.includes('The governance of fraud-detection@4.1.2'));

describe('governance that ends, in Slack', () => {
  it('is told in one alert that counts the days, and to those whom it concerns, once for each warning', async () => {
    await tick();
    expect(buttonsOf(alert())).toEqual(['Acknowledge', 'Mute…', 'Start renewal']);
    expect(textOf(alert())).toContain('in 14 days');
    expect(textOf(alert())).toContain('renews nothing of the tier high_risk without asking people');
    await tick();
    harness.story.advance(3 * DAY);
    await tick();
    expect(textOf(alert())).toContain('in 11 days');
    for (const user of ['sam', 'lea', 'lia', 'cora'] as const) expect(endsIn(user)).toHaveLength(1);
    for (const user of ['nora', 'otto'] as const) expect(endsIn(user)).toHaveLength(0);
    harness.story.advance(4 * DAY);
    await tick();
    expect(textOf(alert())).toContain('in 7 days');
    expect(endsIn('lea')).toHaveLength(2);
    expect(endsIn('lea').at(-1)).toContain('<@U0SAM>, who made it; whoever is ml lead or compliance officer');
  });

  it('is renewed by those whom it concerns, by button or command: the card says that it is a renewal', async () => {
    await command('nora', 'renew fraud-detection@4.1.2');
    await tick();
    expect(harness.told('nora').at(-1)).toContain('Only those who submitted or made it');
    await command('lia', 'renew fraud-detection 9.9.9');
    await vi.waitFor(
      () => expect(harness.told('lia').at(-1)).toContain('No alert says that the governance'),
      10_000,
    );
    const { channel, ts } = alert();
    await harness.slack.as(SLACK_USERS.lea).clickButton({ channel, ts, text: 'Start renewal' });
    const findingId = await tick();
    expect(harness.told('lea').at(-1)).toContain('you asked for the pipeline to be run again');

    const { db } = harness.story.context;
    const jobs = await db.selectFrom('outbox').select('payload').where('name', '=', 'run-again').execute();
    expect(jobs).toHaveLength(1);
    await runAgain(harness.story.context, { findingId, asking: jobs[0]?.payload['asking'] ?? '' });
    const run = await latestRunOf(db, NAME, BYTES);
    expect(run).toMatchObject({ attempt: 2, submitter: { person: 'sam' } });
    await executeRun(harness.story.context, run?.id ?? '');
    await tick();
    const cards = harness.slack.messages('C0APPROVALS').map(textOf);
    expect(cards.at(-1)).toContain('🔁 Renewal.');
    expect(cards.at(-1)).toContain('the checks found what they found then');
    expect(buttonsOf(alert())).toEqual(['Acknowledge', 'Mute…', 'Start renewal']);
  });
});
