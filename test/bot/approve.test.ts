import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { judgeArtifact } from '../../src/services/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  APPROVALS,
  type BotHarness,
  buttonsOf,
  buttonValueOf,
  clickBody,
  startBotHarness,
  textOf,
  unaskedIn,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeEach(async () => {
  harness = await startBotHarness();
});
afterEach(async () => {
  expect(await unaskedIn(harness)).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const told = (user: keyof typeof SLACK_USERS): string[] => harness.told(user);
const decisions = (requestId: string) => decisionsOn(harness.story.context.db, requestId);

describe('a card', () => {
  it('asks those who may decide, shows what is decided on, and names whom it leaves out', async () => {
    const { card, run } = await harness.ask();
    const text = textOf(card);
    expect(card.channel).toBe(APPROVALS);
    expect(text).toContain('Approval needed: fraud-detection 4.1.2');
    expect(text).toContain('High risk');
    expect(text).toContain(run.artifact.digest);
    expect(text).toContain('may serve traffic in *every environment*');
    expect(text).toContain(`⏳ *ml lead*: <@${SLACK_USERS.lea}> and <@${SLACK_USERS.lia}>`);
    expect(text).toContain(`⏳ *compliance officer*: <@${SLACK_USERS.cora}>`);
    expect(text).toContain(`🚫 May not decide: <@${SLACK_USERS.sam}>`);
    expect(text).toContain(`<https://governance.example/runs/${run.id}|Run ${run.id}>`);
    expect(buttonsOf(card)).toEqual(['Approve…', 'Reject…']);
  });

  it('is posted once, however often it is asked for', async () => {
    const { requestId } = await harness.ask();
    await harness.bot.processors['show-approval-card']?.({ requestId });
    await Promise.all([1, 2, 3].map(() => harness.bot.processors['show-approval-card']?.({ requestId })));
    await Promise.all([harness.bot.deliver(), harness.bot.deliver()]);
    expect(harness.slack.messages(APPROVALS)).toHaveLength(1);
  });
});

describe('Approve', () => {
  it('refuses somebody without a role, and says what to do', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('nora', card);
    expect(told('nora')).toHaveLength(1);
    expect(told('nora')[0]).toContain('You hold none of the roles that decide on *fraud-detection@4.1.2*');
    expect(told('nora')[0]).toContain('ml lead and compliance officer');
    expect(await decisions(requestId)).toEqual([]);
  });

  it('refuses the submitter, though the role is held', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('sam', card);
    expect(told('sam')[0]).toContain('so you may not decide on it');
    expect(await decisions(requestId)).toEqual([]);
  });

  it('refuses an account that the people map does not know, and names it', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('stranger', card);
    expect(told('stranger')[0]).toContain('`T0TEST/U0STRANGER`');
    expect(await decisions(requestId)).toEqual([]);
  });

  it('takes one answer per role, then the request is approved and the buttons go', async () => {
    const { card, run, requestId } = await harness.ask();
    await harness.click('lea', card);
    expect(told('lea')[0]).toContain('Recorded: you approved *fraud-detection@4.1.2* as ml lead');
    expect(told('lea')[0]).toContain('Still needed: compliance officer');
    const half = textOf(harness.now(card));
    expect(half).toContain(`✅ <@${SLACK_USERS.lea}> as ml lead`);
    expect(half).toContain(`⏳ *compliance officer*: <@${SLACK_USERS.cora}>`);
    expect(half).not.toContain('⏳ *ml lead*');
    expect(buttonsOf(harness.now(card))).toEqual(['Approve…', 'Reject…']);

    await harness.click('cora', card);
    expect(told('cora')[0]).toContain('It is approved now');
    const whole = harness.now(card);
    expect(textOf(whole)).toContain('🟢 Approved: fraud-detection 4.1.2');
    expect(textOf(whole)).toContain(`Approved by <@${SLACK_USERS.lea}> as ml lead`);
    expect(textOf(whole)).toContain(`Approved by <@${SLACK_USERS.cora}> as compliance officer`);
    expect(buttonsOf(whole)).toEqual([]);
    expect(harness.slack.messages(APPROVALS)).toHaveLength(1);

    expect((await decisions(requestId)).map(({ person, assurance }) => [person, assurance])).toEqual([
      ['lea', 'slack_click'],
      ['cora', 'slack_click'],
    ]);
    const { digest } = run.artifact;
    const verdict = await judgeArtifact(harness.story.context, {
      artifact: digest,
      environment: 'production',
    });
    expect(verdict.status).toBe('governed');
  });

  it('counts one person once', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('lea', card);
    await harness.click('lea', card);
    expect(told('lea')).toHaveLength(2);
    expect(told('lea')[1]).toContain('You approved this already');
    expect(await decisions(requestId)).toHaveLength(1);
  });

  it('leaves a role open that is covered already', async () => {
    const { card } = await harness.ask();
    await harness.click('lea', card);
    await harness.click('lia', card);
    expect(textOf(harness.now(card))).toContain('⏳ *compliance officer*');
    expect(buttonsOf(harness.now(card))).toHaveLength(2);
  });

  it('answers a late click on a closed card, which another bot may not have updated', async () => {
    const { card, requestId } = await harness.ask();
    const other = { ...card };
    await harness.click('lea', card);
    await harness.click('cora', card);
    await clickOldCard(other, SLACK_USERS.lia);
    expect(told('lia')[0]).toContain('was approved before you, by <@U0LEA> and <@U0CORA>');
    expect(await decisions(requestId)).toHaveLength(2);
  });

  it('decides nothing on a card that a newer submission superseded', async () => {
    const first = await harness.ask();
    const second = await harness.ask({ artifact: digestOf('other bytes') });
    expect(textOf(harness.now(first.card))).toContain('⚪ Superseded');
    expect(buttonsOf(harness.now(first.card))).toEqual([]);
    await clickOldCard(first.card, SLACK_USERS.lea);
    expect(told('lea')[0]).toContain("took this one's place");
    expect(await decisions(first.requestId)).toEqual([]);
    expect(await decisions(second.requestId)).toEqual([]);
  });

  it('decides nothing once the request has lapsed, and the card says so from then on', async () => {
    const { card, requestId } = await harness.ask();
    harness.story.advance(365 * DAY);
    expect(buttonsOf(harness.now(card))).toHaveLength(2);
    await harness.click('lea', card);
    expect(told('lea')[0]).toContain('The request lapsed');
    expect(await decisions(requestId)).toEqual([]);
    expect(textOf(harness.now(card))).toContain('⌛ Lapsed');
    expect(buttonsOf(harness.now(card))).toEqual([]);
  });

  it('answers a click on a card that was never posted', async () => {
    await harness.ask();
    await sendClick({ value: 'no-such-card', user: SLACK_USERS.lea });
    expect(told('lea')[0]).toContain('I do not know this card');
  });
});

/** Sends a click on a card as it was once; a person's client may still show it so. */
async function clickOldCard(card: { blocks: readonly unknown[] }, user: string): Promise<void> {
  await sendClick({ value: buttonValueOf(card), user });
}

async function sendClick(click: { value: string; user: string }): Promise<void> {
  const delivery = await harness.slack.rawRequest(harness.slack.sign(clickBody(click)));
  expect(delivery.status).toBe(200);
  expect(await harness.work()).toEqual([]);
}
