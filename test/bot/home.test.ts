import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, later } from '../../src/lib/index.ts';
import { WITHDRAW_ACTION } from '../../src/notify/index.ts';
import { approvalStatus, decideApproval, grantDelegation } from '../../src/services/index.ts';
import { type BotHarness, clickBody, startBotHarness } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

/** Opens somebody's tab anew. */
async function homeOf(who: keyof typeof SLACK_USERS): Promise<string> {
  const user = SLACK_USERS[who];
  const before = harness.slack.home(user);
  await harness.slack.as(user).openHome();
  return JSON.stringify(await harness.slack.waitForHome(user, (view) => view !== before));
}

async function decisionsIn(who: keyof typeof SLACK_USERS): Promise<string> {
  return /Your decisions.*?"Models"/.exec(await homeOf(who))?.[0] ?? '';
}

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
      const home = await homeOf(who);
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

  it('shows to both sides what was decided in another’s place, and by API; either takes it back', async () => {
    const { context } = harness.story;
    const wish = { delegator: 'lea', delegate: 'nora', reason: null, assurance: 'slack_command' } as const;
    await grantDelegation(context, { ...wish, until: later(context.clock.now(), HOUR) });
    const { card, requestId } = await harness.ask({ modelId: 'placed', modelVersion: '1.0.0' });
    const { viewDigest } = (await approvalStatus(context, requestId)).request;
    const byApi = { decision: 'approved', reason: null, assurance: 'api_token' } as const;
    expect(
      await decideApproval(context, { ...byApi, requestId, person: 'cora', view: viewDigest }),
    ).toMatchObject({ ok: true });
    await harness.click('nora', card);
    expect(await decisionsIn('nora')).toContain('✅ Approved *placed@1.0.0* on behalf of <@U0LEA>, ');
    expect(await decisionsIn('lea')).toContain('✅ Approved *placed@1.0.0* by <@U0NORA> on your behalf, ');
    expect(await decisionsIn('cora')).toMatch(/Approved \*placed@1\.0\.0\*, [^"]*, by API"/);
    expect(await decisionsIn('lia')).not.toContain('placed@1.0.0');
    const [decision] = (await approvalStatus(context, requestId)).decisions.filter(
      ({ person }) => person === 'nora',
    );
    await harness.slack.rawRequest(
      harness.slack.sign(clickBody({ action: WITHDRAW_ACTION, value: decision?.statement ?? '' })),
    );
    expect(await harness.work()).toEqual([]);
    expect(await decisionsIn('lea')).not.toContain('placed@1.0.0');
    expect(await decisionsIn('nora')).not.toContain('placed@1.0.0');
  });

  it('tells a stranger so, and shows them nothing to decide', async () => {
    await harness.slack.as(SLACK_USERS.stranger).openHome();
    const view = await harness.slack.waitForHome(SLACK_USERS.stranger, () => true);
    expect(JSON.stringify(view)).toContain('The people map does not know your account');
    expect(JSON.stringify(view)).toContain('Nothing waits for you');
  });
});
