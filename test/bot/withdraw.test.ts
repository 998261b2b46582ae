import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { type BotHarness, buttonsOf, startBotHarness, textOf } from '../support/bot-harness.ts';
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
