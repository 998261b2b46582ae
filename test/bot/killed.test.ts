import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { decisionsOn, findApprovalRequestOfRun, openDatabase } from '../../src/storage/index.ts';
import {
  APPROVALS,
  type BotHarness,
  openBot,
  startBotHarness,
  textOf,
  workOff,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';
import { type Gate, openGate } from '../support/gate.ts';

// A bot is cut off from its database and from Slack after its first message, after its second, and so on, until it gets
// through its work: between any two steps. Whatever it had begun, another bot ends it. COUNTERSIGN_EVERY_STEP=1, as in
// CI, leaves none out.
const STRIDE = process.env['COUNTERSIGN_EVERY_STEP'] === '1' ? 1 : 4;

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
const buried: Promise<void>[] = [];
afterAll(async () => {
  await Promise.allSettled(buried);
  await harness[Symbol.asyncDispose]();
});

/** A bot behind a gate, to which Slack's requests go for now. */
async function openVictim(gate: Gate) {
  const { slack, story } = harness;
  const db = openDatabase(await gate.through(harness.connectionString));
  const own = { ...story, context: { ...story.context, db } };
  const bot = openBot(own, { ...slack, apiUrl: await gate.through(slack.apiUrl) }, []);
  await bot.start();
  const server = createServer((request, response) => {
    if (gate.isShut()) request.socket.destroy();
    else bot.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shut = Promise.withResolvers<void>();
  gate.onShut(() => {
    server.closeAllConnections();
    shut.resolve();
  });
  slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return {
    // Nobody waits for the dead.
    work: () => Promise.race([workOff(own, bot).catch(() => []), shut.promise]),
    end: () => {
      slack.connect(harness.url);
      server.closeAllConnections();
      server.close();
      buried.push(bot.stop().then(() => db.destroy()));
    },
  };
}

const LONG_AGO = '2020-01-01T00:00:00.000Z';

/** What is left undone is handed out again, to the bot that lives. */
async function recover(): Promise<void> {
  const { db } = harness.story.context;
  for (let round = 0; round < 2; round++) {
    await db.updateTable('outbox').set({ next_at: LONG_AGO }).where('completed_at', 'is', null).execute();
    await db.updateTable('deliveries').set({ due_at: LONG_AGO }).execute();
    expect(await harness.work()).toEqual([]);
  }
}

async function untilItGetsThrough(name: string, story: (gate: Gate, step: number) => Promise<void>) {
  for (let step = 0; ; step += STRIDE) {
    await using gate = openGate();
    await story(gate, step);
    if (!gate.isShut()) return expect(step, `${name}: steps`).toBeGreaterThan(5);
    expect(step).toBeLessThan(200);
  }
}

it('a click is decided once, answered and shown, wherever the bot dies', { timeout: 120_000 }, async () => {
  const { slack } = harness;
  const lea = slack.as(SLACK_USERS.lea);
  await untilItGetsThrough('click', async (gate, step) => {
    const { card, requestId } = await harness.ask({ modelVersion: `1.${step}.0` });
    const toldBefore = harness.told('lea').length;
    await lea.clickButton({ channel: APPROVALS, ts: card.ts, text: 'Approve…' });
    const form = slack.modals(SLACK_USERS.lea).at(-1)?.id ?? '';
    const victim = await openVictim(gate);
    gate.shutAfter(step);
    const sent = await lea.submitModal(form, {});
    const acknowledged = sent.acknowledged && Object.keys(sent.errors).length === 0;
    await victim.work();
    victim.end();
    await recover();
    // Slack shows an error and keeps the form where it was not acknowledged: then people send it again.
    if (acknowledged) expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
    else expect((await lea.submitModal(form, {})).acknowledged).toBe(true);
    await recover();
    const decisions = await decisionsOn(harness.story.context.db, requestId);
    expect(decisions.map(({ person, decision }) => `${person} ${decision}`)).toEqual(['lea approved']);
    expect(textOf(harness.now(card))).toContain(`✅ <@${SLACK_USERS.lea}>`);
    expect(harness.told('lea').slice(toldBefore).join('\n')).toContain('Recorded: you approved');
    const waiting = harness.story.context.db.selectFrom('inbox').where('processed_at', 'is', null);
    expect(await waiting.select('id').execute()).toEqual([]);
  });
});

it('a card is posted once, wherever the bot dies', { timeout: 120_000 }, async () => {
  const { slack, story } = harness;
  await untilItGetsThrough('card', async (gate, step) => {
    const victim = await openVictim(gate);
    const before = slack.messages(APPROVALS).length;
    const artifact = digestOf(`card ${step}`);
    const run = await story.submit({ modelId: 'fraud-detection', modelVersion: `2.${step}.0`, artifact });
    gate.shutAfter(step);
    await victim.work();
    victim.end();
    await recover();
    const cards = slack.messages(APPROVALS).slice(before);
    expect(cards).toHaveLength(1);
    const request = await findApprovalRequestOfRun(story.context.db, run.id);
    await harness.click('lea', cards[0] as never);
    expect(await decisionsOn(story.context.db, request?.id ?? '')).toHaveLength(1);
  });
});
