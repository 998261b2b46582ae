import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotHarness, startBotHarness } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

describe('the Home tab', () => {
  it('shows what waits for somebody, and what they decided', async () => {
    const { card } = await harness.ask({ modelId: 'homely', modelVersion: '1.0.0' });
    await harness.slack.as(SLACK_USERS.lea).openHome();
    await harness.slack.waitForHome(SLACK_USERS.lea, (view) => JSON.stringify(view).includes('homely@1.0.0'));
    await harness.approve('lea', card);
    expect(await harness.work()).toEqual([]);
    await harness.slack.as(SLACK_USERS.lea).openHome();
    const view = await harness.slack.waitForHome(SLACK_USERS.lea, (home) =>
      JSON.stringify(home).includes('✅ Approved *homely@1.0.0*'),
    );
    expect(JSON.stringify(view)).toContain('*pending*');
  });

  it('shows as waiting only what somebody can help to decide', async () => {
    const { card } = await harness.ask({ modelId: 'waiting', modelVersion: '1.0.0' });
    const isWaiting = async (who: 'lea' | 'cora' | 'sam' | 'nora') => {
      const user = SLACK_USERS[who];
      const before = harness.slack.home(user);
      await harness.slack.as(user).openHome();
      const home = JSON.stringify(await harness.slack.waitForHome(user, (view) => view !== before));
      return home.slice(0, home.indexOf('Your decisions')).includes('waiting@1.0.0');
    };
    expect(await isWaiting('lea')).toBe(true);
    expect(await isWaiting('sam')).toBe(false);
    expect(await isWaiting('nora')).toBe(false);
    await harness.approve('lea', card);
    expect(await harness.work()).toEqual([]);
    expect(await isWaiting('lea')).toBe(false);
    expect(await isWaiting('cora')).toBe(true);
  });

  it('tells a stranger so, and shows them nothing to decide', async () => {
    await harness.slack.as(SLACK_USERS.stranger).openHome();
    const view = await harness.slack.waitForHome(SLACK_USERS.stranger, () => true);
    expect(JSON.stringify(view)).toContain('The people map does not know your account');
    expect(JSON.stringify(view)).toContain('Nothing waits for you');
  });
});
