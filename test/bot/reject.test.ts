import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeArtifact, refreshCards } from '../../src/services/index.ts';
import { decisionsOn, findRun } from '../../src/storage/index.ts';
import { type BotHarness, buttonsOf, startBotHarness, textOf, unaskedIn } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeEach(async () => {
  harness = await startBotHarness();
});
afterEach(async () => {
  expect(await unaskedIn(harness)).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const reason = (text: string) => ({ text });
const modal = (user: keyof typeof SLACK_USERS) => harness.slack.modals(SLACK_USERS[user])[0];

describe('Reject', () => {
  it('asks for a reason, and shows once more what is rejected', async () => {
    const { card, run } = await harness.ask();
    await harness.click('cora', card, 'Reject…');
    const view = modal('cora');
    expect(JSON.stringify(view?.blocks)).toContain('fraud-detection@4.1.2');
    expect(JSON.stringify(view?.blocks)).toContain(run.artifact.digest);
  });

  it('is told to who submitted it, once, with the reason', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('cora', card, 'Reject…');
    await harness.slack.as(SLACK_USERS.cora).submitModal(modal('cora')?.id ?? '', reason('No <!here> plan.'));
    expect(await harness.work()).toEqual([]);
    const told = () => harness.slack.messages(SLACK_USERS.sam).map(textOf);
    expect(told()).toEqual([expect.stringContaining('⛔ Rejected: *fraud-detection@4.1.2*')]);
    expect(told()[0]).toContain('> No &lt;!here&gt; plan.');
    await refreshCards(harness.story.context, requestId);
    expect(await harness.work()).toEqual([]);
    expect(told()).toHaveLength(1);
  });

  it('closes the request for everybody, with the reason on the card', async () => {
    const { card, run, requestId } = await harness.ask();
    await harness.click('lea', card);
    await harness.click('cora', card, 'Reject…');
    const sent = await harness.slack
      .as(SLACK_USERS.cora)
      .submitModal(modal('cora')?.id ?? '', reason('Age bands too wide. <!channel>'));
    expect(sent.problem).toBeNull();
    expect(modal('cora')).toBeUndefined();
    expect(await harness.work()).toEqual([]);

    const text = textOf(harness.now(card));
    expect(text).toContain('⛔ Rejected: fraud-detection 4.1.2');
    expect(text).toContain(`*Rejected* by <@${SLACK_USERS.cora}> as compliance officer`);
    expect(text).toContain('> Age bands too wide. &lt;!channel&gt;');
    expect(text).toContain(`Approved by <@${SLACK_USERS.lea}>`);
    expect(buttonsOf(harness.now(card))).toEqual([]);
    expect(harness.told('cora')[0]).toContain('Recorded: you rejected');
    expect((await decisionsOn(harness.story.context.db, requestId))[1]).toMatchObject({
      person: 'cora',
      decision: 'rejected',
      reason: 'Age bands too wide. <!channel>',
    });
    expect((await findRun(harness.story.context.db, run.id))?.state).toBe('failed');
    const { digest } = run.artifact;
    const verdict = await judgeArtifact(harness.story.context, {
      artifact: digest,
      environment: 'production',
    });
    expect(verdict.status).toBe('rejected');
  });

  it('tells those who may not, and opens nothing for them', async () => {
    const { card } = await harness.ask();
    for (const user of ['nora', 'sam', 'stranger'] as const) {
      await harness.click(user, card, 'Reject…');
      expect(modal(user)).toBeUndefined();
      expect(harness.told(user)).toHaveLength(1);
    }
    expect(harness.told('nora')[0]).toContain('You hold none of the roles');
    expect(harness.told('sam')[0]).toContain('so you may not decide on it');
    expect(harness.told('stranger')[0]).toContain('not in the people map');
  });

  it('wants a reason of more than blanks, and keeps the form open', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('lea', card, 'Reject…');
    const actor = harness.slack.as(SLACK_USERS.lea);
    const empty = await actor.submitModal(modal('lea')?.id ?? '', reason(' \n '));
    expect(empty.errors['reason']).toContain('a rejection needs a reason');
    expect(modal('lea')).toBeDefined();
    expect(await harness.work()).toEqual([]);
    expect(await decisionsOn(harness.story.context.db, requestId)).toEqual([]);
    const full = await actor.submitModal(modal('lea')?.id ?? '', reason('No.'));
    expect(full.errors).toEqual({});
    expect(await harness.work()).toEqual([]);
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
  });

  it('tells who filled the form in that somebody else was first', async () => {
    const { card, requestId } = await harness.ask();
    await harness.click('cora', card, 'Reject…');
    await harness.click('lea', card, 'Reject…');
    await harness.slack.as(SLACK_USERS.lea).submitModal(modal('lea')?.id ?? '', reason('First.'));
    expect(await harness.work()).toEqual([]);
    await harness.slack.as(SLACK_USERS.cora).submitModal(modal('cora')?.id ?? '', reason('Second.'));
    expect(await harness.work()).toEqual([]);
    expect(harness.told('cora')[0]).toContain('was rejected before you, by <@U0LEA>');
    expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
  });

  it('says so when Slack does not open the form in time', async () => {
    const { card } = await harness.ask();
    harness.slack.faults.failNext('views.open', 500);
    await harness.click('lea', card, 'Reject…');
    expect(harness.told('lea')[0]).toContain('Temporary failure: nothing was recorded');
    const held = harness.slack.faults.holdNext('views.open');
    const clicking = harness.click('lea', card, 'Reject…');
    await held.arrived;
    await clicking;
    const late = await harness.slack.waitForEphemeral(
      SLACK_USERS.lea,
      () => harness.told('lea').length === 2,
    );
    expect(textOf(late)).toContain('Temporary failure');
    held.release();
  });
});
