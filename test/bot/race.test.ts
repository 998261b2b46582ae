import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  type BotHarness,
  buttonsOf,
  buttonValueOf,
  confirmationBody,
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

describe('at the same instant', () => {
  it('two people click: each counts once, and the request has one outcome', async () => {
    const { card, requestId } = await harness.ask();
    const answers = await Promise.all([harness.approve('lea', card), harness.approve('cora', card)]);
    expect(answers.every(({ acknowledged }) => acknowledged)).toBe(true);
    expect(await harness.work()).toEqual([]);
    const decisions = await decisionsOn(harness.story.context.db, requestId);
    expect(decisions.map(({ person }) => person).sort()).toEqual(['cora', 'lea']);
    expect(textOf(harness.now(card))).toContain('🟢 Approved');
    expect(buttonsOf(harness.now(card))).toEqual([]);
    const receipts = [...harness.told('lea'), ...harness.told('cora')];
    expect(receipts).toHaveLength(2);
    expect(receipts.filter((receipt) => receipt.includes('It is approved now')).length).toBeGreaterThan(0);
  });

  it('one person confirms in five places: it counts once, and every form is answered', async () => {
    const { card, requestId } = await harness.ask();
    const value = buttonValueOf(card);
    const sent = ['V1', 'V2', 'V3', 'V4', 'V5'].map((id) => confirmationBody({ value }, id));
    await Promise.all(sent.map((body) => harness.slack.rawRequest(harness.slack.sign(body))));
    expect(await harness.work()).toEqual([]);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
    expect(harness.told('lea')).toHaveLength(5);
    expect(harness.told('lea').every((text) => /Recorded|approved this already/.test(text))).toBe(true);
  });

  it('people of the same role click: the first covers it, all count as having decided', async () => {
    const { card, requestId } = await harness.ask();
    await Promise.all([harness.approve('lea', card), harness.approve('lia', card)]);
    expect(await harness.work()).toEqual([]);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(2);
    expect(textOf(harness.now(card))).toContain('⏳ *compliance officer*');
  });

  it('one approves, another rejects: there is one outcome, and the card shows it', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('lea', card);
    await harness.click('lia', card, 'Reject…');
    const modal = harness.slack.modals(SLACK_USERS.lia)[0];
    await Promise.all([
      harness.approve('cora', card),
      harness.slack.as(SLACK_USERS.lia).submitModal(modal?.id ?? '', { text: 'No.' }),
    ]);
    expect(await harness.work()).toEqual([]);
    const decisions = await decisionsOn(harness.story.context.db, requestId);
    expect(decisions).toHaveLength(2);
    const rejected = decisions.some(({ decision }) => decision === 'rejected');
    expect(textOf(harness.now(card))).toContain(rejected ? '⛔ Rejected' : '🟢 Approved');
    expect(harness.told(rejected ? 'cora' : 'lia').at(-1)).toContain('before you');
  });
});

describe('the same once more', () => {
  it('the same bytes: acknowledged, and nothing changes', async () => {
    const { card, requestId } = await harness.ask();
    const first = await harness.approve('lea', card);
    expect(await harness.work()).toEqual([]);
    const again = await harness.slack.rawRequest(first.request);
    expect(again.status).toBe(200);
    expect(await harness.work()).toEqual([]);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
    expect(harness.told('lea')).toHaveLength(1);
  });

  it('the same, which Slack says it sends again: answered at once, and nothing changes', async () => {
    const { card, requestId } = await harness.ask();
    const first = harness.slack.sign(confirmationBody({ value: buttonValueOf(card) }));
    for (const number of ['1', '2', '3']) {
      const headers = {
        ...first.headers,
        'x-slack-retry-num': number,
        'x-slack-retry-reason': 'http_timeout',
      };
      // What came first may have been lost: whichever arrives counts.
      expect((await harness.slack.rawRequest({ ...first, headers })).status).toBe(200);
    }
    expect((await harness.slack.rawRequest(first)).status).toBe(200);
    expect(await harness.work()).toEqual([]);
    expect(await harness.answered()).toEqual(['recorded:approved']);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
  });

  it('an event and a command, which Slack says it sends again: answered at once, and nothing changes', async () => {
    const { card } = await harness.ask();
    const { slack, story } = harness;
    const command = await slack
      .as(SLACK_USERS.lea)
      .slashCommand('/governance', 'delegate @nora until tomorrow', card.channel);
    const headers = { ...command.request.headers, 'x-slack-retry-num': '1' };
    expect((await slack.rawRequest({ ...command.request, headers })).status).toBe(200);
    const members = { type: 'subteam_members_changed', subteam_id: 'S0NOBODY' };
    for (const num of [0, 1, 2, 3])
      expect((await slack.sendEvent(members, { eventId: 'Ev1', retry: { num } })).status).toBe(200);
    expect(await harness.work()).toEqual([]);
    const standing = story.context.db.selectFrom('delegations').select('id');
    expect(await standing.execute()).toHaveLength(1);
  });

  it('the same job, by two bots: the receipt may come twice, the decision does not', async () => {
    const { card, requestId } = await harness.ask();
    const other = openBot(harness.story, harness.slack, []);
    await harness.slack.rawRequest(harness.slack.sign(confirmationBody({ value: buttonValueOf(card) })));
    const { id } = await harness.story.context.db.selectFrom('inbox').select('id').executeTakeFirstOrThrow();
    await Promise.all([
      harness.bot.processors['answer-action']?.({ inboxId: id }),
      other.processors['answer-action']?.({ inboxId: id }),
    ]);
    expect(await harness.work()).toEqual([]);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
    expect(harness.told('lea').length).toBeGreaterThan(0);
    expect(harness.told('lea').every((text) => text.includes('Recorded: you approved'))).toBe(true);
  });
});
