import { describe, expect, it } from 'vitest';
import { clientOf, refusal, startBolt, startWorkspace } from './harness.ts';

const filter = {
  type: 'static_select',
  action_id: 'filter',
  options: ['mine', 'all'].map((value) => ({ text: { type: 'plain_text' as const, text: value }, value })),
};
const button = (action_id: string) => ({
  type: 'button',
  action_id,
  text: { type: 'plain_text', text: action_id },
});
const homeOf = (text: string) => ({
  type: 'home' as const,
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text } },
    { type: 'actions', block_id: 'what', elements: [filter, button('open')] },
  ],
});

describe('the App Home', () => {
  it('is published when somebody opens it, and takes clicks and choices', async () => {
    await using workspace = await startWorkspace();
    const seen: unknown[] = [];
    await using _bolt = await startBolt(workspace, (app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        if (event.tab === 'home')
          await client.views.publish({ user_id: event.user, view: homeOf(`hello <@${event.user}>`) });
      });
      app.action(/filter|open/, async ({ ack, body, action, client }) => {
        await ack();
        if (body.type !== 'block_actions') return;
        seen.push([action, body.container['type'], body.view?.type, body.view?.state.values['what']]);
        if (action.type === 'button') await client.views.open({ trigger_id: body.trigger_id, view: modal });
      });
    });
    const ann = workspace.as('U0ANN');
    expect(await ann.openHome()).toMatchObject({ problem: null });
    const home = await workspace.waitForHome('U0ANN');
    await ann.clickButton({ viewId: home.id, actionId: 'filter', value: 'all' });
    await ann.clickButton({ viewId: home.id, actionId: 'open' });
    await workspace.waitForModal('U0ANN', (view) => view.callback_id === 'from_home');
    const all = { type: 'static_select', selected_option: { value: 'all' } };
    expect(seen).toMatchObject([
      [{ action_id: 'filter', block_id: 'what', ...all }, 'view', 'home', { filter: all }],
      [{ action_id: 'open', type: 'button' }, 'view', 'home', { filter: all }],
    ]);
    expect(workspace.home('U0BOB')).toBeUndefined();
    await expect(workspace.as('U0BOB').clickButton({ viewId: home.id, actionId: 'open' })).rejects.toThrow();
  });

  it('is held to limits and to the hash that was read', async () => {
    await using workspace = await startWorkspace();
    const { views } = clientOf(workspace);
    const { view } = await views.publish({ user_id: 'U0ANN', view: homeOf('one') });
    await views.publish({ user_id: 'U0ANN', view: homeOf('two'), hash: String(view?.hash) });
    const stale = views.publish({ user_id: 'U0ANN', view: homeOf('three'), hash: String(view?.hash) });
    expect((await refusal(stale)).error).toBe('hash_conflict');
    const many = { type: 'home' as const, blocks: Array(101).fill({ type: 'divider' }) };
    expect(await refusal(views.publish({ user_id: 'U0ANN', view: many }))).toEqual({
      error: 'invalid_arguments',
      messages: ['[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]'],
    });
    expect((await refusal(views.publish({ user_id: 'U0ANN', view: modal }))).error).toBe('invalid_arguments');
    expect((await refusal(views.publish({ user_id: 'U0NOBODY', view: homeOf('x') }))).error).toBe(
      'user_not_found',
    );
  });
});

const modal = {
  type: 'modal' as const,
  callback_id: 'from_home',
  title: { type: 'plain_text' as const, text: 'From Home' },
  blocks: [],
};
