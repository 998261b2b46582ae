import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/lib/index.ts';
import { approvalStatus, delegationsOf, noticeOverDelegations } from '../../src/services/index.ts';
import { APPROVALS, type BotHarness, startBotHarness, textOf, unaskedIn } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
afterAll(async () => {
  expect(await unaskedIn(harness)).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

async function give(user: keyof typeof SLACK_USERS, text: string): Promise<string> {
  const before = harness.told(user).length;
  const given = await harness.slack.as(SLACK_USERS[user]).slashCommand('/governance', text, APPROVALS);
  expect(given.problem).toBeNull();
  expect(await harness.work()).toEqual([]);
  await harness.slack.waitForEphemeral(SLACK_USERS[user], () => harness.told(user).length > before);
  return harness.told(user).at(-1) ?? '';
}

/** What somebody was sent in their direct messages, oldest first. */
const dms = (user: keyof typeof SLACK_USERS) => harness.slack.messages(SLACK_USERS[user]).map(textOf);

it('has somebody decide in another’s place, who is told, and the card says on whose behalf', async () => {
  expect(await give('lea', 'delegate @nora until 3d on leave')).toContain('decides in your place as ml lead');
  expect(dms('lea')).toEqual([expect.stringContaining('decides in your place as ml lead')]);
  expect(dms('nora')).toEqual([expect.stringContaining('asks you to decide in their place as ml lead')]);
  const { card } = await harness.ask();
  expect(textOf(card)).toContain(`<@${SLACK_USERS.nora}> on behalf of <@${SLACK_USERS.lea}>`);
  await harness.click('nora', card);
  expect(harness.told('nora').at(-1)).toContain(`on behalf of <@${SLACK_USERS.lea}>`);
  expect(textOf(harness.now(card))).toContain(`<@${SLACK_USERS.nora}> on behalf of <@${SLACK_USERS.lea}>`);
  expect(dms('lea').at(-1)).toContain(
    `<@${SLACK_USERS.nora}> approved *fraud-detection@4.1.2* as ml lead on your behalf`,
  );
  expect(await give('nora', 'delegate')).toContain('You decide in the place of');
  expect(await give('lea', 'delegate stop')).toContain('Ended');
  expect([dms('lea').at(-1), dms('nora').at(-1)]).toEqual([
    expect.stringContaining('decides in your place no more'),
    expect.stringContaining('you decide in the place of'),
  ]);
});

it('tells both sides, once, that a delegation is over by its own time, and the card names nobody in place', async () => {
  expect(await give('lea', 'delegate @nora until 1h')).toContain('decides in your place');
  const { card } = await harness.ask({ modelVersion: '4.9.0' });
  expect(textOf(card)).toContain(`<@${SLACK_USERS.nora}> on behalf of`);
  const told = dms('nora').length;
  harness.story.advance(HOUR);
  expect(await noticeOverDelegations(harness.story.context)).toBe(1);
  expect(await noticeOverDelegations(harness.story.context)).toBe(0);
  // The queue may hand over a job twice.
  const jobs = await harness.story.context.db
    .selectFrom('outbox')
    .select('payload')
    .where('name', '=', 'tell-delegation')
    .where('completed_at', 'is', null)
    .execute();
  expect(await harness.work()).toEqual([]);
  for (const { payload } of jobs)
    await harness.bot.processors['tell-delegation']?.(payload as Record<string, string>);
  expect(jobs).toHaveLength(2);
  expect(dms('nora').slice(told)).toEqual([expect.stringContaining('Ended: you decide in the place of')]);
  expect(dms('lea').filter((text) => text.includes('decides in your place no more'))).toHaveLength(2);
  expect(textOf(harness.now(card))).not.toContain('on behalf of');
});

it('reads a time on the clocks of the Slack profile, as it is now, where the people map says no zone', async () => {
  harness.slack.updateUser(SLACK_USERS.lea, { tz: 'Asia/Tokyo' });
  harness.story.advance(MINUTE);
  expect(await give('lea', 'delegate @nora until tomorrow 17:00')).toContain('(read as Asia/Tokyo)');
  const [given] = await delegationsOf(harness.story.context, 'lea');
  expect(given?.until).toMatch(/T08:00:00/);
  await give('lea', 'delegate stop');
});

it('lets who delegated take back, in their direct messages, what was decided in their place', async () => {
  await give('lea', 'delegate @nora until 3d');
  const { card, requestId } = await harness.ask({ modelVersion: '4.9.1' });
  await harness.click('nora', card);
  const [news] = harness.slack.messages(SLACK_USERS.lea).slice(-1);
  if (news === undefined) throw new Error('lea was not told');
  await harness.slack
    .as(SLACK_USERS.lea)
    .clickButton({ channel: news.channel, ts: news.ts, text: 'Withdraw…' });
  expect(await harness.work()).toEqual([]);
  expect(harness.told('lea').at(-1)).toContain('Withdrawn');
  expect((await approvalStatus(harness.story.context, requestId)).decisions).toEqual([]);
  await give('lea', 'delegate stop');
});

it('withdraws a request for its submitter, and corrects what it does not understand', async () => {
  const { card } = await harness.ask({ modelVersion: '5.0.0' });
  expect(await give('lea', 'withdraw fraud-detection@5.0.0')).toContain('Only who submitted');
  expect(await give('sam', 'withdraw fraud-detection@5.0.0')).toContain('Withdrawn');
  expect(textOf(harness.now(card))).toContain('Withdrawn');
  expect(await give('lea', 'delegate nora until friday')).toContain('name one person');
});
