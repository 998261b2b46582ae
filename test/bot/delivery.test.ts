import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  APPROVALS,
  type BotHarness,
  buttonsOf,
  openBot,
  startBotHarness,
  textOf,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeEach(async () => {
  harness = await startBotHarness();
});
afterEach(async () => {
  await harness[Symbol.asyncDispose]();
});

const submission = { modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: digestOf('bytes') };
const cards = () => harness.slack.messages(APPROVALS);

/** Hands over again what failed. */
async function workAgain(): Promise<unknown[]> {
  harness.story.advance(10 * MINUTE);
  return harness.work();
}

describe('a card that could not be posted', () => {
  it('is found and taken over when it was posted all the same', async () => {
    harness.slack.faults.dropAfterDelivery('chat.postMessage');
    await harness.story.submit(submission);
    expect(await harness.work()).toHaveLength(1);
    expect(cards()).toHaveLength(1);
    expect(await workAgain()).toEqual([]);
    expect(cards()).toHaveLength(1);
    await harness.click('lea', cards()[0] as never);
    expect(textOf(cards()[0] as never)).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });

  it('is posted later when it was not', async () => {
    harness.slack.faults.dropBeforeDelivery('chat.postMessage');
    await harness.story.submit(submission);
    expect(await harness.work()).toHaveLength(1);
    expect(cards()).toHaveLength(0);
    expect(await workAgain()).toEqual([]);
    expect(cards()).toHaveLength(1);
  });

  it('is posted though the history of the channel may not be read', async () => {
    harness.slack.faults.failNext('conversations.history', 403);
    await harness.story.submit(submission);
    expect(await harness.work()).toEqual([]);
    expect(cards()).toHaveLength(1);
  });

  it('waits for a short Retry-After, and leaves a long one to the job', async () => {
    harness.slack.faults.rateLimitNext('chat.postMessage', 1);
    await harness.story.submit(submission);
    expect(await harness.work()).toEqual([]);
    expect(cards()).toHaveLength(1);
    harness.slack.faults.rateLimitNext('chat.postMessage', 60);
    await harness.story.submit({ ...submission, modelVersion: '4.1.3', artifact: digestOf('more bytes') });
    const [failure] = await harness.work();
    expect(String(failure)).toContain('ratelimited, to be tried again in 60 s');
    const calls = harness.slack.calls('chat.postMessage').length;
    expect(await workAgain()).toHaveLength(1);
    expect(harness.slack.calls('chat.postMessage')).toHaveLength(calls);
  });

  it('is not posted any more when its request was superseded meanwhile', async () => {
    harness.slack.faults.dropBeforeDelivery('chat.postMessage');
    await harness.story.submit(submission);
    expect(await harness.work()).toHaveLength(1);
    await harness.story.submit({ ...submission, artifact: digestOf('newer bytes') });
    expect(await workAgain()).toEqual([]);
    expect(cards()).toHaveLength(1);
    expect(textOf(cards()[0] as never)).toContain(digestOf('newer bytes'));
  });
});

describe('a card that somebody deleted', () => {
  it('is posted anew with what was decided', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('lea', card);
    harness.slack.removeMessage(APPROVALS, card.ts);
    expect(cards()).toHaveLength(0);
    await harness.bot.processors['show-approval-card']?.({ requestId });
    expect(cards()).toHaveLength(1);
    expect(textOf(cards()[0] as never)).toContain(`✅ <@${SLACK_USERS.lea}>`);
    await harness.click('cora', cards()[0] as never);
    expect(textOf(cards()[0] as never)).toContain('🟢 Approved');
  });

  it('does not keep the decisions from counting', async () => {
    const { card, requestId } = await harness.ask();
    await harness.slack
      .as(SLACK_USERS.lea)
      .clickButton({ channel: card.channel, ts: card.ts, text: 'Approve' });
    harness.slack.removeMessage(APPROVALS, card.ts);
    expect(await harness.work()).toEqual([]);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
    expect(cards()).toHaveLength(1);
    expect(textOf(cards()[0] as never)).toContain(`✅ <@${SLACK_USERS.lea}>`);
    expect(buttonsOf(cards()[0] as never)).toHaveLength(2);
  });
});

describe('while Slack is unreachable', () => {
  it('a decision counts, and its person gets the receipt later', async () => {
    const { card, requestId } = await harness.ask();
    await harness.slack
      .as(SLACK_USERS.lea)
      .clickButton({ channel: card.channel, ts: card.ts, text: 'Approve' });
    harness.slack.faults.dropBeforeDelivery('chat.postEphemeral');
    for (let i = 0; i < 3; i++) harness.slack.faults.dropBeforeDelivery('chat.update');
    expect(await harness.work()).toHaveLength(2);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
    expect(await workAgain()).toEqual([]);
    expect(harness.told('lea')).toHaveLength(1);
    expect(harness.told('lea')[0]).toContain('Recorded: you approved');
    expect(textOf(harness.now(card))).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });

  it('another bot brings the card up to date after this one died in between', async () => {
    const { card } = await harness.ask();
    await harness.slack
      .as(SLACK_USERS.lea)
      .clickButton({ channel: card.channel, ts: card.ts, text: 'Approve' });
    await harness.bot.stop();
    const other = openBot(harness.story, harness.slack, []);
    const { id } = await harness.story.context.db.selectFrom('inbox').select('id').executeTakeFirstOrThrow();
    await other.processors['answer-action']?.({ inboxId: id });
    expect(await harness.work()).toEqual([]);
    expect(harness.told('lea')).toHaveLength(1);
    expect(textOf(harness.now(card))).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });
});
