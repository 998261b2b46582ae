import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { type Digest, digestOf, type Finding } from '../../src/domain/index.ts';
import { HOUR } from '../../src/lib/index.ts';
import { createAlertChannel, createSlackClient, personNamer } from '../../src/notify/index.ts';
import { deliverFinding, runAgain, wakeMuted } from '../../src/services/index.ts';
import { fireFindings, insertFindingEvent, resolveFindings } from '../../src/storage/index.ts';
import { FINDING } from '../notify/samples.ts';
import { alertingIn } from '../support/alerting.ts';
import { BOT_TOKEN, type BotHarness, buttonsOf, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';

const ALERTS = 'C0ALERTS';

let harness: BotHarness;
beforeEach(async () => {
  harness = await startBotHarness();
});
afterEach(() => harness[Symbol.asyncDispose]());

/** Tells of findings as the monitor's process does. */
function alerting() {
  const { context } = harness.story;
  const client = createSlackClient({ token: BOT_TOKEN, apiUrl: harness.slack.apiUrl });
  const options = {
    nameOf: personNamer(context.directory, TEAM),
    runUrl: (id: string) => `https://governance.example/runs/${id}`,
  };
  const name = '#model-alerts';
  return { ...context, alerting: alertingIn(name, createAlertChannel(client, name, options)) };
}

async function fire(finding: Partial<Finding> = {}): Promise<{ id: number; card: SlackMessage }> {
  const { db, clock } = harness.story.context;
  const before = harness.slack.messages(ALERTS).length;
  const id = await db.transaction().execute(async (tx) => {
    const [fired] = await fireFindings(tx, [{ ...FINDING, ...finding }], clock.now());
    if (fired === undefined) throw new Error('it fires already');
    await insertFindingEvent(tx, { finding: fired.id, step: { kind: 'fired' }, at: clock.now() });
    return fired.id;
  });
  await deliverFinding(alerting(), id);
  const card = harness.slack.messages(ALERTS)[before];
  if (card === undefined) throw new Error('no alert was posted');
  return { id, card };
}

/** Does what waits, and brings the alert up to date. */
async function settle(id: number): Promise<void> {
  expect(await harness.work()).toEqual([]);
  await deliverFinding(alerting(), id);
}

const press = ({ channel, ts }: SlackMessage, text: string, user: keyof typeof SLACK_USERS = 'lea') =>
  harness.slack.as(SLACK_USERS[user]).clickButton({ channel, ts, text });
const threadOf = ({ ts }: SlackMessage) =>
  harness.slack.messages(ALERTS).filter((message) => message.thread_ts === ts);
const shown = (card: SlackMessage) => textOf(harness.now(card));

async function mute(card: SlackMessage, values: Record<string, string>) {
  await press(card, 'Mute…');
  const form = harness.slack.modals(SLACK_USERS.lea).at(-1);
  return harness.slack.as(SLACK_USERS.lea).submitModal(form?.id ?? '', values);
}

describe('an alert', () => {
  it('says what is wrong, since when, how that is known, and what to do', async () => {
    const { id, card } = await fire();
    const said = textOf(card);
    for (const part of [
      'Hash mismatch',
      'Since',
      'verified: hashed',
      'investigate immediately',
      `Finding ${id}`,
    ])
      expect(said).toContain(part);
    expect(buttonsOf(card)).toEqual(['Acknowledge', 'Mute…']);
  });

  it('is acknowledged, muted, loud again and resolved, all in one message and its thread', async () => {
    const { id, card } = await fire();
    await press(card, 'Acknowledge');
    await settle(id);
    expect(harness.told('lea').at(-1)).toContain('Recorded: you acknowledged');
    expect(shown(card)).toContain('*Acknowledged by <@U0LEA>*');
    expect(buttonsOf(harness.now(card))).toEqual(['Mute…']);

    await mute(card, { duration: String(HOUR), why: 'known <!channel>, INC-4711' });
    await settle(id);
    expect(shown(card)).toContain('🔕 Muted, Hash mismatch');
    expect(shown(card)).toContain('known &lt;!channel&gt;, INC-4711');
    expect(buttonsOf(harness.now(card))).toEqual(['Unmute']);

    harness.story.advance(HOUR);
    expect(await wakeMuted(alerting())).toBe(1);
    await settle(id);
    expect(shown(card)).not.toContain('🔕');
    expect(threadOf(card).filter(({ subtype }) => subtype === 'thread_broadcast')).toHaveLength(1);

    const { db, clock } = harness.story.context;
    await db.transaction().execute(async (tx) => {
      await resolveFindings(tx, [id], clock.now());
      await insertFindingEvent(tx, { finding: id, step: { kind: 'resolved' }, at: clock.now() });
    });
    await settle(id);
    await settle(id);
    expect(threadOf(card).map((message) => textOf(message).split(/[ ,.]/)[1])).toEqual(
      ['Fired', 'Acknowledged', 'Muted', 'The', 'Resolved'].map((word, index) =>
        index === 3 ? expect.any(String) : word,
      ),
    );
    expect(buttonsOf(harness.now(card))).toEqual([]);
    expect(harness.slack.messages(ALERTS).filter(({ thread_ts }) => thread_ts === undefined)).toHaveLength(1);
  });

  it('is muted for a reason only, and a critical one not for days', async () => {
    const { card } = await fire();
    const refused = await mute(card, { duration: String(HOUR), why: '   ' });
    expect(JSON.stringify(refused)).toContain('a mute needs a reason');
    expect(JSON.stringify(harness.slack.modals(SLACK_USERS.lea).at(-1))).not.toContain('3 days');
  });

  it('is left alone by whom the people map does not know', async () => {
    const { id, card } = await fire();
    await press(card, 'Acknowledge', 'stranger');
    await settle(id);
    expect(harness.told('stranger').at(-1)).toContain('I do not know who you are');
    expect(shown(card)).not.toContain('Acknowledged by');
  });

  it('about a deployment beyond the cap has a button by which it is blocked all the same, once', async () => {
    const { id, card } = await fire();
    const { db, clock } = harness.story.context;
    const step = { kind: 'block_held', why: '3 deployments are blocked already' } as const;
    await db.transaction().execute((tx) => insertFindingEvent(tx, { finding: id, step, at: clock.now() }));
    await settle(id);
    expect(buttonsOf(harness.now(card))).toEqual(['Acknowledge', 'Mute…', 'Block traffic']);
    await press(card, 'Block traffic', 'stranger');
    await settle(id);
    expect(harness.told('stranger').at(-1)).toContain('I do not know who you are');
    expect(buttonsOf(harness.now(card))).toContain('Block traffic');
    await press(card, 'Block traffic');
    await settle(id);
    expect(harness.told('lea').at(-1)).toContain('Recorded: you let the traffic of');
    expect(shown(card)).toContain('*<@U0LEA> lets its traffic be blocked*');
    expect(buttonsOf(harness.now(card))).toEqual(['Acknowledge', 'Mute…']);
    expect(threadOf(card).map(textOf).at(-1)).toContain('lets its traffic be blocked beyond the limit');
  });

  it('has the pipeline run again for bytes that were submitted, and links the run', async () => {
    const bytes = digestOf('bytes that fail') as Digest;
    const failing = { demographic_parity_within_threshold: { outcome: 'failed' as const } };
    const model = { modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: bytes };
    await harness.story.submit({ ...model, reports: failing });
    const { id, card } = await fire({ observed: bytes });
    await press(card, 'Run the pipeline');
    await settle(id);
    expect(harness.told('lea').at(-1)).toContain('you asked for the pipeline to be run again');
    const { db } = harness.story.context;
    const job = await db
      .selectFrom('outbox')
      .select('payload')
      .where('name', '=', 'run-again')
      .executeTakeFirstOrThrow();
    await runAgain(harness.story.context, { findingId: id, asking: job.payload['asking'] ?? '' });
    await settle(id);
    const run = await db
      .selectFrom('runs')
      .selectAll()
      .where('state', '=', 'queued')
      .executeTakeFirstOrThrow();
    expect(run).toMatchObject({ attempt: 2, artifact_digest: bytes });
    expect(textOf(threadOf(card).at(-1) ?? card)).toContain(`https://governance.example/runs/${run.id}`);
  });

  it('is muted by a command too', async () => {
    const { id, card } = await fire();
    const command = (text: string) =>
      harness.slack.as(SLACK_USERS.lea).slashCommand('/governance', text, ALERTS);
    await command(`mute ${id} for 2h because <#C0ALERTS|model-alerts> knows`);
    await settle(id);
    expect(shown(card)).toContain('#model-alerts knows');
    expect(harness.told('lea').at(-1)).toContain('Recorded: you muted');
    await command(`mute ${id} for 3d because it is quiet`);
    await settle(id);
    expect(harness.told('lea').at(-1)).toContain('24 hours at most');
  });
});
