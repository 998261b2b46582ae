import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  APP_TOKEN,
  type BotHarness,
  buttonsOf,
  openBot,
  startBotHarness,
  textOf,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

/** The same stories over real HTTP and a real WebSocket: nobody in Slack can tell the difference. */
describe.each(['http', 'socket'] as const)('over %s', (transport) => {
  let harness: BotHarness;
  beforeEach(async () => {
    harness = await startBotHarness({ transport });
  });
  afterEach(async () => {
    await harness[Symbol.asyncDispose]();
  });
  const decisions = (requestId: string) => decisionsOn(harness.story.context.db, requestId);

  it('two people approve, and the card and both receipts say so', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('lea', card);
    await harness.click('cora', card);
    expect(await decisions(requestId)).toHaveLength(2);
    expect(harness.told('lea')[0]).toContain('Still needed: compliance officer');
    expect(harness.told('cora')[0]).toContain('It is approved now');
    expect(textOf(harness.now(card))).toContain('🟢 Approved');
    expect(buttonsOf(harness.now(card))).toEqual([]);
  });

  it('somebody rejects with a reason; the form objects to none', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('cora', card, 'Reject…');
    const form = () => harness.slack.modals(SLACK_USERS.cora)[0]?.id ?? '';
    const empty = await harness.slack.as(SLACK_USERS.cora).submitModal(form(), { text: '  ' });
    expect(empty.errors['reason']).toContain('a rejection needs a reason');
    await harness.slack.as(SLACK_USERS.cora).submitModal(form(), { text: 'Drifts.' });
    expect(await harness.work()).toEqual([]);
    expect(harness.slack.modals(SLACK_USERS.cora)).toEqual([]);
    expect(await decisions(requestId)).toMatchObject([{ decision: 'rejected', reason: 'Drifts.' }]);
    expect(textOf(harness.now(card))).toContain('⛔ Rejected');
  });

  it('who may not decide learns why, and nothing is recorded', async () => {
    const { card, requestId } = await harness.ask();
    for (const user of ['sam', 'nora', 'stranger', 'guest'] as const) await harness.click(user, card);
    expect(await decisions(requestId)).toEqual([]);
    expect(harness.told('sam')[0]).toContain('You submitted or made');
    expect(harness.told('nora')[0]).toContain('You hold none of the roles');
    expect(harness.told('stranger')[0]).toContain('I do not know who you are');
    expect(harness.told('guest')[0]).toContain('Only members of the workspace');
  });

  it('a command is answered', async () => {
    const { card } = await harness.ask();
    await harness.slack.as(SLACK_USERS.lea).slashCommand('/governance', 'pending', card.channel);
    const answer = await harness.slack.waitForEphemeral(SLACK_USERS.lea, () => true);
    expect(textOf(answer)).toContain('fraud-detection');
  });
});

describe('over a line that is cut', () => {
  it('a click that was kept but not acknowledged is sent again, and counts once', async () => {
    await using harness = await startBotHarness({ transport: 'socket', approval: 'confirmation: click' });
    const other = openBot(harness.story, harness.slack, [], {
      transport: { kind: 'socket', appToken: APP_TOKEN },
    });
    await other.start();
    const { card, requestId } = await harness.ask();
    const { db } = harness.story.context;
    const kept = () => db.selectFrom('inbox').select('id').execute();
    // Whoever keeps the click has to wait for this lock; meanwhile the line goes, and with it the acknowledgement.
    const blocked = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const lock = db.transaction().execute(async (tx) => {
      await sql`lock table inbox in exclusive mode`.execute(tx);
      locked.resolve();
      await blocked.promise;
    });
    await locked.promise;
    const click = harness.slack
      .as(SLACK_USERS.lea)
      .clickButton({ channel: card.channel, ts: card.ts, text: 'Approve' });
    // The event takes the other line's turn, so that the click's is the oldest.
    void harness.slack.sendEvent({ type: 'tokens_revoked' });
    harness.slack.sockets.cut(1);
    blocked.resolve();
    await lock;
    expect((await click).acknowledged).toBe(true);
    expect(await harness.work()).toEqual([]);
    expect(await kept()).toHaveLength(1);
    expect(await decisionsOn(db, requestId)).toHaveLength(1);
    expect(harness.told('lea')).toHaveLength(1);
    await other.stop();
  });
});
