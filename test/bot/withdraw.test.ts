import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { withdrawDecision } from '../../src/services/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  type BotHarness,
  buttonsOf,
  buttonValueOf,
  confirmationBody,
  startBotHarness,
  textOf,
  unaskedIn,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeEach(async () => {
  harness = await startBotHarness();
});
afterEach(() => harness[Symbol.asyncDispose]());

async function approve(user: keyof typeof SLACK_USERS, card: SlackMessage): Promise<void> {
  await harness.approve(user, card);
  expect(await harness.work()).toEqual([]);
}

/** Clicks Withdraw… in the newest answer that somebody got. */
async function withdraw(user: keyof typeof SLACK_USERS): Promise<void> {
  const receipt = harness.slack.ephemerals(SLACK_USERS[user]).at(-1);
  if (receipt === undefined) throw new Error(`${user} was told nothing`);
  const place = { channel: receipt.channel, ts: receipt.ts };
  await harness.slack.as(SLACK_USERS[user]).clickButton({ ...place, text: 'Withdraw…' });
  expect(await harness.work()).toEqual([]);
}

it('a receipt lets its person take the decision back: the card is open again, and says so to all', async () => {
  const { card } = await harness.ask();
  await approve('lea', card);
  await approve('cora', harness.now(card));
  expect(buttonsOf(harness.now(card))).toEqual([]);
  await withdraw('lea');
  expect(harness.told('lea').at(-1)).toContain('your approval of *fraud-detection@4.1.2* no longer counts');
  const again = harness.now(card);
  expect(textOf(again)).toContain('Approval needed');
  expect(buttonsOf(again)).toEqual(['Approve…', 'Reject…']);
  await approve('lea', again);
  expect(textOf(harness.now(card))).toContain('🟢 Approved');
  expect(await unaskedIn(harness)).toEqual([]);
});

it('a second click changes nothing', async () => {
  const { card } = await harness.ask();
  await approve('lea', card);
  const receipt = harness.slack.ephemerals(SLACK_USERS.lea).at(-1);
  if (receipt === undefined) throw new Error('lea was told nothing');
  const click = { channel: receipt.channel, ts: receipt.ts, text: 'Withdraw…' };
  for (const _ of [1, 2]) await harness.slack.as(SLACK_USERS.lea).clickButton(click);
  expect(await harness.work()).toEqual([]);
  const told = harness.told('lea').slice(-2);
  expect(told).toContainEqual(expect.stringContaining('no longer counts'));
  expect(told).toContainEqual(expect.stringContaining('no decision of yours that stands'));
});

it('a receipt that could not be sent, sent later, brings nothing back that was withdrawn meanwhile', async () => {
  const { card, requestId } = await harness.ask();
  harness.slack.faults.always('*', { kind: 'failed', status: 503 });
  await harness.slack.rawRequest(harness.slack.sign(confirmationBody({ value: buttonValueOf(card) })));
  expect(await harness.work()).toHaveLength(1);
  harness.slack.faults.clear();
  const { context } = harness.story;
  expect(await withdrawDecision(context, { requestId, person: 'lea' })).toMatchObject({ ok: true });
  harness.story.advance(2 * MINUTE);
  expect(await harness.work()).toEqual([]);
  expect(harness.told('lea').at(-1)).toContain('It was withdrawn since, and counts no more.');
  expect(await decisionsOn(context.db, requestId)).toEqual([]);
  expect(await harness.answered()).toEqual(['recorded:approved']);
});

it('a withdrawal that waited for hours withdraws nothing, and its person is told so', async () => {
  const { card, requestId } = await harness.ask();
  await approve('lea', card);
  const receipt = harness.slack.ephemerals(SLACK_USERS.lea).at(-1);
  if (receipt === undefined) throw new Error('lea was told nothing');
  const click = { channel: receipt.channel, ts: receipt.ts, text: 'Withdraw…' };
  await harness.slack.as(SLACK_USERS.lea).clickButton(click);
  harness.story.advance(16 * MINUTE);
  expect(await harness.work()).toEqual([]);
  expect(harness.told('lea').at(-1)).toContain('nothing was recorded');
  expect(await decisionsOn(harness.story.context.db, requestId)).toMatchObject([{ person: 'lea' }]);
});
