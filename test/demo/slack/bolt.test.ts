import type { App, BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { cardBlocks, reasonView, startBolt, startWorkspace } from './harness.ts';

async function stage(build: (app: App) => void) {
  const workspace = await startWorkspace();
  const bolt = await startBolt(workspace, build);
  const posted = await bolt.app.client.chat.postMessage({
    channel: 'C0OPEN',
    text: 'A question',
    blocks: cardBlocks(),
  });
  const card = { channel: 'C0OPEN', ts: String(posted.ts) };
  return {
    workspace,
    card,
    [Symbol.asyncDispose]: async () => {
      await bolt[Symbol.asyncDispose]();
      await workspace.close();
    },
  };
}

describe('a Bolt app in the stand-in workspace', () => {
  it('receives a click with everything Slack sends, and updates the message', async () => {
    const bodies: BlockAction<ButtonAction>[] = [];
    await using on = await stage((app) => {
      app.action('yes', async ({ ack, body, client }) => {
        await ack();
        const click = body as BlockAction<ButtonAction>;
        bodies.push(click);
        const place = { channel: click.channel?.id ?? '', ts: click.message?.ts ?? '' };
        await client.chat.update({ ...place, text: `answered by <@${click.user.id}>`, blocks: [] });
      });
    });
    const click = await on.workspace.as('U0ANN').clickButton({ ...on.card, text: 'Yes' });
    expect(click).toMatchObject({ status: 200, body: '', acknowledged: true, problem: null });
    expect(click.ackMs).toBeLessThan(3000);
    const updated = await on.workspace.waitForMessage((message) => message.edited !== undefined);
    expect(updated).toMatchObject({ ts: on.card.ts, text: 'answered by <@U0ANN>', blocks: [] });
    const [body] = bodies;
    expect(body).toMatchObject({
      type: 'block_actions',
      api_app_id: 'A0APP',
      user: { id: 'U0ANN', username: 'ann', team_id: 'T0HOME' },
      team: { id: 'T0HOME', domain: 'home' },
      channel: { id: 'C0OPEN', name: 'open' },
      container: { type: 'message', message_ts: on.card.ts, channel_id: 'C0OPEN', is_ephemeral: false },
      message: { ts: on.card.ts, bot_id: 'B0APP' },
      state: { values: {} },
    });
    expect(body?.actions[0]).toMatchObject({
      type: 'button',
      action_id: 'yes',
      block_id: 'answers',
      value: 'v-yes',
      action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
    });
  });

  it('opens a modal, refuses a bad field, then takes the form', async () => {
    const submissions: ViewSubmitAction[] = [];
    await using on = await stage((app) => {
      app.action('no', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({ trigger_id: (body as BlockAction).trigger_id, view: reasonView() });
      });
      app.view('reason_form', async ({ ack, body, view }) => {
        submissions.push(body as ViewSubmitAction);
        const reason = view.state.values['reason']?.['text']?.value ?? '';
        if (reason.includes('because')) await ack();
        else await ack({ response_action: 'errors', errors: { reason: 'Say because' } });
      });
    });
    const bob = on.workspace.as('U0BOB');
    await bob.clickButton({ ...on.card, actionId: 'no' });
    const view = await on.workspace.waitForModal('U0BOB');
    const refused = await bob.submitModal(view, { reason: 'no idea', kind: 'small' });
    expect(refused.errors).toEqual({ reason: 'Say because' });
    expect(on.workspace.modals('U0BOB').map((one) => one.id)).toEqual([view.id]);
    const taken = await bob.submitModal(view, { text: 'because of rain' });
    expect(taken).toMatchObject({ status: 200, errors: {}, problem: null });
    expect(on.workspace.modals('U0BOB')).toEqual([]);
    expect(submissions[0]?.view).toMatchObject({
      callback_id: 'reason_form',
      private_metadata: 'opaque',
      state: {
        values: {
          reason: { text: { type: 'plain_text_input', value: 'no idea' } },
          kind: { choice: { type: 'static_select', selected_option: { value: 'small' } } },
        },
      },
    });
    expect(submissions[1]?.view.state.values['kind']?.['choice']?.selected_option).toBeNull();
  });

  it('keeps from sending what the Slack client would not send', async () => {
    await using on = await stage((app) => {
      app.action('no', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({ trigger_id: (body as BlockAction).trigger_id, view: reasonView() });
      });
    });
    const bob = on.workspace.as('U0BOB');
    await bob.clickButton({ ...on.card, actionId: 'no' });
    const view = await on.workspace.waitForModal('U0BOB');
    await expect(bob.submitModal(view)).rejects.toThrow('reason: Please complete this required field.');
    await expect(bob.submitModal(view, { reason: 'meh' })).rejects.toThrow('at least 5 characters');
    await expect(bob.submitModal(view, { raeson: 'x' })).rejects.toThrow('no field raeson');
    await expect(bob.submitModal(view, { reason: 'long enough', kind: 'huge' })).rejects.toThrow(
      'no option "huge"',
    );
    await expect(on.workspace.as('U0ANN').submitModal(view, { reason: 'mine now' })).rejects.toThrow(
      'on top is none',
    );
    await expect(bob.clickButton({ ...on.card, actionId: 'maybe' })).rejects.toThrow('There is: "Yes", "No"');
  });

  it('closes, pushes, updates and clears modals as the app says', async () => {
    const closed: string[] = [];
    const second = { ...reasonView(), callback_id: 'second', blocks: [] };
    await using on = await stage((app) => {
      app.action('no', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({
          trigger_id: (body as BlockAction).trigger_id,
          view: { ...reasonView(), blocks: [] },
        });
      });
      app.view('reason_form', ({ ack }) => ack({ response_action: 'push', view: second }));
      app.view('second', ({ ack }) => ack({ response_action: 'clear' }));
      app.view({ callback_id: 'second', type: 'view_closed' }, async ({ ack, body }) => {
        closed.push(`${body.view.callback_id} ${String('is_cleared' in body && body.is_cleared)}`);
        await ack();
      });
    });
    const bob = on.workspace.as('U0BOB');
    await bob.clickButton({ ...on.card, actionId: 'no' });
    const root = await on.workspace.waitForModal('U0BOB');
    await bob.submitModal(root);
    const pushed = on.workspace.modals('U0BOB').at(-1);
    expect(pushed).toMatchObject({ callback_id: 'second', root_view_id: root.id, previous_view_id: root.id });
    await bob.closeModal(pushed?.id ?? '');
    expect(closed).toEqual(['second false']);
    expect(on.workspace.modals('U0BOB').map((view) => view.id)).toEqual([root.id]);
    await bob.submitModal(root);
    await bob.submitModal(on.workspace.modals('U0BOB').at(-1)?.id ?? '');
    expect(on.workspace.modals('U0BOB')).toEqual([]);
  });

  it('reports an answer that breaks the limits, and leaves the modal open', async () => {
    const broken = { ...reasonView(), title: { type: 'plain_text' as const, text: 'x'.repeat(25) } };
    await using on = await stage((app) => {
      app.action('no', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({
          trigger_id: (body as BlockAction).trigger_id,
          view: { ...reasonView(), blocks: [] },
        });
      });
      app.view('reason_form', ({ ack }) => ack({ response_action: 'update', view: broken }));
    });
    const bob = on.workspace.as('U0BOB');
    await bob.clickButton({ ...on.card, actionId: 'no' });
    const view = await on.workspace.waitForModal('U0BOB');
    const outcome = await bob.submitModal(view);
    expect(outcome.problem).toContain('must be less than 25 characters [json-pointer:/view/title/text]');
    expect(on.workspace.modals('U0BOB')).toHaveLength(1);
  });

  it('runs slash commands and shows the immediate answer to the person alone', async () => {
    await using on = await stage((app) => {
      app.command('/ask', ({ ack, command }) =>
        ack({ text: `you ${command.user_id} asked "${command.text}" in ${command.channel_name}` }),
      );
    });
    const answer = await on.workspace.as('U0BOB').slashCommand('/ask', 'me anything', 'open');
    expect(answer).toMatchObject({ status: 200, problem: null });
    const shown = await on.workspace.waitForEphemeral('U0BOB', () => true);
    expect(shown.text).toBe('you U0BOB asked "me anything" in open');
    expect(on.workspace.ephemerals('U0ANN')).toEqual([]);
  });

  it('tells the person when nobody acknowledged', async () => {
    await using on = await stage(() => {});
    const ann = on.workspace.as('U0ANN');
    const click = await ann.clickButton({ ...on.card, actionId: 'yes' });
    expect(click).toMatchObject({
      status: 404,
      acknowledged: false,
      problem: expect.stringContaining('trouble'),
    });
    const command = await ann.slashCommand('/ask', '', 'open');
    expect(command.problem).toBe('/ask failed with the error "dispatch_failed"');
  });

  it('gives events their id, and retries their headers', async () => {
    const seen: unknown[] = [];
    await using on = await stage((app) => {
      app.event('team_join', ({ body, context }) => {
        seen.push([body.event_id, context.retryNum ?? null, context.retryReason ?? null, context.teamId]);
        return Promise.resolve();
      });
    });
    const event = { type: 'team_join', user: { id: 'U0BOB' } };
    const first = await on.workspace.sendEvent(event, { eventId: 'Ev1' });
    const second = await on.workspace.sendEvent(event, {
      eventId: 'Ev1',
      retry: { num: 1, reason: 'http_timeout' },
    });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(seen).toEqual([
      ['Ev1', null, null, 'T0HOME'],
      ['Ev1', 1, 'http_timeout', 'T0HOME'],
    ]);
  });

  it('lets people act only where they are', async () => {
    await using on = await stage((app) => app.action(/.*/, ({ ack }) => ack()));
    const { workspace, card } = on;
    expect(() => workspace.as('U0NOBODY')).toThrow('There is no user U0NOBODY');
    expect(() => workspace.as('U0OLD')).toThrow('deactivated');
    const bob = workspace.as('U0BOB');
    workspace.updateUser('U0BOB', { deleted: true });
    await expect(bob.clickButton({ ...card, actionId: 'yes' })).rejects.toThrow('deactivated');
    await expect(
      workspace.as('U0ANN').clickButton({ ...card, ts: '1.000001', actionId: 'yes' }),
    ).rejects.toThrow('message_not_found');
    await expect(workspace.as('U0FAR').slashCommand('/ask', '', 'shut')).rejects.toThrow('does not see shut');
    const click = await workspace.as('U0FAR').clickButton({ ...card, actionId: 'yes' });
    const payload = JSON.parse(new URLSearchParams(click.request.body).get('payload') ?? '{}');
    expect([payload.team.id, payload.user.team_id]).toEqual(['T0AWAY', 'T0AWAY']);
  });
});
