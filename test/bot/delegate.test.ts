import { afterAll, beforeAll, expect, it } from 'vitest';
import { APPROVALS, type BotHarness, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

async function give(user: keyof typeof SLACK_USERS, text: string): Promise<string> {
  const before = harness.told(user).length;
  const given = await harness.slack.as(SLACK_USERS[user]).slashCommand('/governance', text, APPROVALS);
  expect(given.problem).toBeNull();
  expect(await harness.work()).toEqual([]);
  await harness.slack.waitForEphemeral(SLACK_USERS[user], () => harness.told(user).length > before);
  return harness.told(user).at(-1) ?? '';
}

it('has somebody decide in another’s place, who is told, and the card says on whose behalf', async () => {
  expect(await give('lea', 'delegate @nora until 3d on leave')).toContain('decides in your place as ml lead');
  const { card } = await harness.ask();
  expect(textOf(card)).toContain(`<@${SLACK_USERS.nora}> on behalf of <@${SLACK_USERS.lea}>`);
  await harness.click('nora', card);
  expect(harness.told('nora').at(-1)).toContain(`on behalf of <@${SLACK_USERS.lea}>`);
  expect(textOf(harness.now(card))).toContain(`<@${SLACK_USERS.nora}> on behalf of <@${SLACK_USERS.lea}>`);
  expect(await give('nora', 'delegate')).toContain('You decide in the place of');
  expect(await give('lea', 'delegate stop')).toContain('Ended');
});

it('withdraws a request for its submitter, and corrects what it does not understand', async () => {
  const { card } = await harness.ask({ modelVersion: '5.0.0' });
  expect(await give('lea', 'withdraw fraud-detection@5.0.0')).toContain('Only who submitted');
  expect(await give('sam', 'withdraw fraud-detection@5.0.0')).toContain('Withdrawn');
  expect(textOf(harness.now(card))).toContain('Withdrawn');
  expect(await give('lea', 'delegate nora until friday')).toContain('name one person');
});
