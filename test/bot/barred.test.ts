import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../../src/lib/index.ts';
import { delegationsOf } from '../../src/services/index.ts';
import { decisionsOn, findApprovalRequest, listOverrides } from '../../src/storage/index.ts';
import { APPROVALS, type Asked, type BotHarness, startBotHarness } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

type User = 'sam' | 'lea' | 'otto';

let harness: BotHarness;
let asked: Asked;
beforeAll(async () => {
  harness = await startBotHarness();
  asked = await harness.ask();
  await harness.approve('lea', asked.card);
  await command('lea', 'delegate @nora until 3d');
  await command('otto', 'override fraud-detection@4.1.2');
  await fill('otto', { reason: 'An outage.', hours: '4' });
  for (const user of ['sam', 'lea', 'otto'] as const) {
    harness.slack.updateUser(SLACK_USERS[user], { guest: true });
  }
  // Slack is asked again after a minute.
  harness.story.advance(2 * MINUTE);
});
afterAll(() => harness[Symbol.asyncDispose]());

const as = (user: User) => harness.slack.as(SLACK_USERS[user]);
const form = (user: User) => harness.slack.modals(SLACK_USERS[user])[0]?.id ?? '';

async function command(user: User, text: string): Promise<void> {
  const before = harness.told(user).length;
  await as(user).slashCommand('/governance', text, APPROVALS);
  expect(await harness.work()).toEqual([]);
  const isAnswered = () => form(user) !== '' || harness.told(user).length > before;
  await vi.waitFor(() => expect(isAnswered()).toBe(true), { timeout: 20_000 });
}

async function fill(user: User, values: Readonly<Record<string, string>>): Promise<void> {
  expect((await as(user).submitModal(form(user), values)).errors).toEqual({});
  expect(await harness.work()).toEqual([]);
}

describe('whose account has become a guest’s', () => {
  it('takes no decision back', async () => {
    const receipt = harness.slack
      .ephemerals(SLACK_USERS.lea)
      .find(({ text }) => text.includes('you approved'));
    await as('lea').clickButton({ channel: APPROVALS, ts: receipt?.ts ?? '', text: 'Withdraw…' });
    expect(await harness.work()).toEqual([]);
    expect(harness.told('lea').at(-1)).toContain('may not act here');
    expect(await decisionsOn(harness.story.context.db, asked.requestId)).toHaveLength(1);
  });

  it('withdraws no request', async () => {
    await command('sam', 'withdraw fraud-detection@4.1.2');
    expect(harness.told('sam').at(-1)).toContain('may not act here');
    const request = await findApprovalRequest(harness.story.context.db, asked.requestId);
    expect(request).toMatchObject({ supersededAt: null });
  });

  it('ends no delegation', async () => {
    await command('lea', 'delegate stop');
    expect(harness.told('lea').at(-1)).toContain('may not act here');
    expect(await delegationsOf(harness.story.context, 'lea')).toHaveLength(1);
  });

  it('documents no override', async () => {
    const card = harness.slack.messages(APPROVALS).findLast(({ text }) => text.includes('verrid'));
    await as('otto').clickButton({ channel: APPROVALS, ts: card?.ts ?? '', text: 'Document…' });
    await fill('otto', { documentation: 'All went well.' });
    expect(harness.told('otto').at(-1)).toContain('Such accounts may not override');
    const [row] = await listOverrides(harness.story.context.db);
    expect(row?.documentedAt).toBeNull();
  });
});
