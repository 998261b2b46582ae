import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { approvalStatus, copyCard, requestCard } from '../../src/services/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  APPROVALS,
  type BotHarness,
  buttonsOf,
  openBot,
  startBotHarness,
  textOf,
  workOff,
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

/** Does what was put off. */
async function workAgain(): Promise<unknown[]> {
  harness.story.advance(10 * MINUTE);
  return harness.work();
}

const card = (index = 0): SlackMessage => {
  const found = cards()[index];
  if (found === undefined) throw new Error(`there is no card ${index}`);
  return found;
};
const logged = () => harness.log.map(({ message }) => message);

describe('a card that could not be posted', () => {
  it('is found and taken over when it was posted all the same', async () => {
    harness.slack.faults.dropAfterDelivery('chat.postMessage');
    await harness.story.submit(submission);
    expect(await harness.work()).toEqual([]);
    expect(cards()).toHaveLength(1);
    expect(await workAgain()).toEqual([]);
    expect(cards()).toHaveLength(1);
    await harness.click('lea', card());
    expect(textOf(card())).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });

  it('is posted later when it was not', async () => {
    harness.slack.faults.dropBeforeDelivery('chat.postMessage');
    await harness.story.submit(submission);
    expect(await harness.work()).toEqual([]);
    expect(cards()).toHaveLength(0);
    expect(await workAgain()).toEqual([]);
    expect(cards()).toHaveLength(1);
  });

  it('asks for the history of the channel only where it has to', async () => {
    await harness.ask();
    expect(harness.slack.calls('conversations.history')).toEqual([]);
  });

  it('waits until Slack takes messages again', async () => {
    harness.slack.faults.rateLimitNext('chat.postMessage', 60);
    await harness.story.submit(submission);
    expect(await harness.work()).toEqual([]);
    const calls = harness.slack.calls('chat.postMessage').length;
    expect(await harness.work()).toEqual([]);
    expect(harness.slack.calls('chat.postMessage')).toHaveLength(calls);
    expect(harness.log.at(-1)?.fields['reason']).toContain('ratelimited');
  });

  it('is not posted any more when its request was superseded meanwhile', async () => {
    // Not started: it tries again only when it is told to, however long the rest takes.
    await harness.bot.stop();
    const bot = openBot(harness.story, harness.slack, []);
    harness.slack.faults.dropBeforeDelivery('chat.postMessage');
    await harness.story.submit(submission);
    expect(await workOff(harness.story, bot)).toEqual([]);
    await harness.story.submit({ ...submission, artifact: digestOf('newer bytes') });
    harness.story.advance(10 * MINUTE);
    expect(await workOff(harness.story, bot)).toEqual([]);
    expect(cards()).toHaveLength(1);
    expect(textOf(card())).toContain(digestOf('newer bytes'));
  });
});

describe('a card that may stand twice, where history cannot be read', () => {
  beforeEach(async () => {
    harness.slack.faults.dropAfterDelivery('chat.postMessage');
    await harness.story.submit(submission);
    expect(await harness.work()).toEqual([]);
    harness.slack.faults.failNext('conversations.history', 403);
  });

  it('is posted again, and the log says so', async () => {
    expect(await workAgain()).toEqual([]);
    expect(cards()).toHaveLength(2);
    expect(logged()).toContain(
      'a card may stand twice, since the history of its channel cannot be read; only the new one counts',
    );
  });

  it('counts once: the other is inert, and says where the one is that counts', async () => {
    expect(await workAgain()).toEqual([]);
    await harness.click('lea', card(0));
    expect(harness.told('lea')).toHaveLength(1);
    expect(harness.told('lea')[0]).toContain('This card was sent twice, and the other one counts.');
    expect(harness.told('lea')[0]).toContain(card(1).ts);
    await harness.click('cora', card(0), 'Reject…');
    expect(harness.told('cora')[0]).toContain('Nothing was recorded.');
    expect(harness.slack.modals(SLACK_USERS.cora)).toEqual([]);
    await harness.click('lea', card(1));
    expect(harness.told('lea')[1]).toContain('Recorded: you approved');
    expect(textOf(card(1))).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });

  it('is known by a click on it, and then not posted again', async () => {
    await harness.click('lea', card());
    expect(harness.told('lea')[0]).toContain('Recorded: you approved');
    expect(await workAgain()).toEqual([]);
    expect(cards()).toHaveLength(1);
    expect(textOf(card())).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });
});

describe('copies of a card', () => {
  it('in a channel, a thread and direct messages all show each decision, and how it ended', async () => {
    const { card: first, requestId } = await harness.ask();
    const { context } = harness.story;
    const { request } = await approvalStatus(context, requestId);
    await copyCard(context, requestCard(request), { channel: 'C0ALERTS' });
    await copyCard(context, requestCard(request), { channel: APPROVALS, thread: first.ts });
    await copyCard(context, requestCard(request), { channel: SLACK_USERS.cora });
    expect(await harness.work()).toEqual([]);
    const copies = () => [
      ...harness.slack.messages(APPROVALS),
      ...harness.slack.messages('C0ALERTS'),
      ...harness.slack.messages(SLACK_USERS.cora),
    ];
    expect(copies()).toHaveLength(4);
    expect(copies()[1]?.thread_ts).toBe(first.ts);
    await harness.click('lea', first);
    for (const copy of copies()) expect(textOf(copy)).toContain(`✅ <@${SLACK_USERS.lea}>`);
    await harness.click('cora', harness.slack.messages('C0ALERTS')[0] as SlackMessage);
    for (const copy of copies()) {
      expect(textOf(copy)).toContain('🟢 Approved');
      expect(textOf(copy)).toContain(SLACK_USERS.lea);
      expect(buttonsOf(copy)).toEqual([]);
    }
    expect(copies()).toHaveLength(4);
  });

  it('are brought up to date in one channel while another takes nothing', async () => {
    const { card: first, requestId } = await harness.ask();
    const { context } = harness.story;
    const { request } = await approvalStatus(context, requestId);
    await copyCard(context, requestCard(request), { channel: 'C0ALERTS' });
    expect(await harness.work()).toEqual([]);
    const held = harness.slack.faults.holdNext('chat.update');
    await harness.approve('lea', first);
    const work = harness.work();
    await held.arrived;
    // Whichever channel came first is held; the other one does not wait for it.
    await harness.slack.waitForMessage((copy) => textOf(copy).includes(`✅ <@${SLACK_USERS.lea}>`));
    held.release();
    expect(await work).toEqual([]);
  });
});

describe('many decisions at once', () => {
  it('are shown by one update of each card, not one each', async () => {
    const { card: first } = await harness.ask();
    const before = harness.slack.calls('chat.update').length;
    const users = ['lea', 'lia', 'cora'] as const;
    await Promise.all(users.map((user) => harness.approve(user, first)));
    // Else its courier would look each second, also between the answers.
    await harness.bot.stop();
    expect(await workOff(harness.story, openBot(harness.story, harness.slack, []))).toEqual([]);
    expect(textOf(harness.now(first))).toContain('🟢 Approved');
    expect(harness.slack.calls('chat.update').length - before).toBe(1);
  });
});

describe('a card that somebody deleted', () => {
  it('is posted anew with what was decided', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('lea', card);
    harness.slack.removeMessage(APPROVALS, card.ts);
    expect(cards()).toHaveLength(0);
    await harness.bot.processors['show-approval-card']?.({ requestId });
    await harness.bot.deliver();
    expect(cards()).toHaveLength(1);
    expect(textOf(cards()[0] as never)).toContain(`✅ <@${SLACK_USERS.lea}>`);
    await harness.click('cora', cards()[0] as never);
    expect(textOf(cards()[0] as never)).toContain('🟢 Approved');
  });

  it('does not keep the decisions from counting', async () => {
    const { card, requestId } = await harness.ask();
    await harness.approve('lea', card);
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
    await harness.approve('lea', card);
    harness.slack.faults.dropBeforeDelivery('chat.postEphemeral');
    harness.slack.faults.dropBeforeDelivery('chat.update');
    expect(await harness.work()).toHaveLength(1);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
    expect(await workAgain()).toEqual([]);
    expect(harness.told('lea')).toHaveLength(1);
    expect(harness.told('lea')[0]).toContain('Recorded: you approved');
    expect(textOf(harness.now(card))).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });

  it('another bot brings the card up to date after this one died in between', async () => {
    const { card } = await harness.ask();
    await harness.approve('lea', card);
    await harness.bot.stop();
    const other = openBot(harness.story, harness.slack, []);
    const { id } = await harness.story.context.db.selectFrom('inbox').select('id').executeTakeFirstOrThrow();
    await other.processors['answer-action']?.({ inboxId: id });
    expect(await harness.work()).toEqual([]);
    await other.deliver();
    expect(harness.told('lea')).toHaveLength(1);
    expect(textOf(harness.now(card))).toContain(`✅ <@${SLACK_USERS.lea}>`);
  });
});
