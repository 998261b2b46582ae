import { describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../../src/demo/slack/index.ts';
import { cardBlocks, clientOf, movableClock, reasonView, refusal, startWorkspace } from './harness.ts';

/** A click whose payload is taken from the wire; nobody listens. */
async function click(workspace: SlackWorkspace, ts: string) {
  workspace.connect('http://127.0.0.1:1/nobody');
  const sent = await workspace.as('U0ANN').clickButton({ channel: 'open', ts, actionId: 'yes' });
  return JSON.parse(new URLSearchParams(sent.request.body).get('payload') ?? '{}') as {
    trigger_id: string;
    response_url: string;
  };
}

async function stage() {
  const clock = movableClock();
  const workspace = await startWorkspace(clock.now);
  const client = clientOf(workspace);
  const { ts } = await client.chat.postMessage({ channel: 'C0OPEN', text: 'card', blocks: cardBlocks() });
  return { clock, workspace, client, ts: String(ts), [Symbol.asyncDispose]: workspace.close };
}

function respond(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('a trigger_id', () => {
  it('works once', async () => {
    await using on = await stage();
    const { trigger_id } = await click(on.workspace, on.ts);
    await on.client.views.open({ trigger_id, view: reasonView() });
    const again = await refusal(on.client.views.open({ trigger_id, view: reasonView() }));
    expect(again.error).toBe('exchanged_trigger_id');
    expect(on.workspace.modals('U0ANN')).toHaveLength(1);
  });

  it('works for three seconds of the clock', async () => {
    await using on = await stage();
    const { trigger_id } = await click(on.workspace, on.ts);
    on.clock.advance(3001);
    const late = await refusal(on.client.views.open({ trigger_id, view: reasonView() }));
    expect(late.error).toBe('expired_trigger_id');
    expect((await refusal(on.client.views.open({ trigger_id: '1.2.3', view: reasonView() }))).error).toBe(
      'invalid_trigger_id',
    );
  });

  it('pushes only from inside a modal, and three views at most', async () => {
    await using on = await stage();
    const { trigger_id } = await click(on.workspace, on.ts);
    const push = (id: string) => on.client.views.push({ trigger_id: id, view: buttonView() });
    expect((await refusal(push(trigger_id))).error).toBe('invalid_trigger_id');
    await on.client.views.open({ trigger_id, view: buttonView() });
    await push(await clickInside(on.workspace));
    await push(await clickInside(on.workspace));
    expect((await refusal(push(await clickInside(on.workspace)))).error).toBe('push_limit_reached');
  });

  it('lets a view be updated by id, and not with an old hash', async () => {
    await using on = await stage();
    const { trigger_id } = await click(on.workspace, on.ts);
    const opened = await on.client.views.open({ trigger_id, view: { ...reasonView(), external_id: 'mine' } });
    const changed = { ...reasonView(), external_id: 'mine', callback_id: 'changed' };
    await on.client.views.update({ external_id: 'mine', view: changed });
    expect(on.workspace.modals('U0ANN')[0]).toMatchObject({ id: opened.view?.id, callback_id: 'changed' });
    const stale = { view_id: String(opened.view?.id), hash: String(opened.view?.hash), view: changed };
    expect((await refusal(on.client.views.update(stale))).error).toBe('hash_conflict');
    expect((await refusal(on.client.views.update({ view_id: 'V0', view: changed }))).error).toBe('not_found');
  });
});

describe('a response_url', () => {
  it('posts to the person, to the channel, replaces and deletes', async () => {
    await using on = await stage();
    const { response_url } = await click(on.workspace, on.ts);
    expect((await respond(response_url, { text: 'for you' })).status).toBe(200);
    expect(on.workspace.ephemerals('U0ANN').map((one) => one.text)).toEqual(['for you']);
    await respond(response_url, { text: 'for all', response_type: 'in_channel' });
    await respond(response_url, { text: 'instead', blocks: [], replace_original: true });
    expect(on.workspace.messages('open').map((one) => one.text)).toEqual(['instead', 'for all']);
    await respond(response_url, { delete_original: true });
    expect(on.workspace.messages('open').map((one) => one.text)).toEqual(['for all']);
  });

  it('works five times', async () => {
    await using on = await stage();
    const { response_url } = await click(on.workspace, on.ts);
    const statuses: number[] = [];
    for (let use = 0; use < 6; use += 1)
      statuses.push((await respond(response_url, { text: `use ${use}` })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(await (await respond(response_url, { text: 'more' })).json()).toEqual({
      ok: false,
      error: 'used_url',
    });
  });

  it('works for thirty minutes of the clock', async () => {
    await using on = await stage();
    const { response_url } = await click(on.workspace, on.ts);
    on.clock.advance(30 * 60 * 1000 + 1);
    const late = await respond(response_url, { text: 'late' });
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'Expired url' }]);
    expect((await respond(`${response_url}0`, { text: 'guess' })).status).toBe(404);
    expect(on.workspace.ephemerals('U0ANN')).toEqual([]);
  });

  it('refuses what breaks the limits, and that is no use', async () => {
    await using on = await stage();
    const { response_url } = await click(on.workspace, on.ts);
    const bad = await respond(response_url, { blocks: [{ type: 'header' }] });
    expect([bad.status, await bad.json()]).toEqual([400, { ok: false, error: 'invalid_blocks' }]);
  });

  it('replaces and deletes the ephemeral message that was clicked', async () => {
    await using on = await stage();
    await on.client.chat.postEphemeral({
      channel: 'C0OPEN',
      user: 'U0ANN',
      text: 'psst',
      blocks: cardBlocks(),
    });
    const ts = on.workspace.ephemerals('U0ANN')[0]?.ts ?? '';
    await expect(
      on.workspace.as('U0BOB').clickButton({ channel: 'open', ts, actionId: 'yes' }),
    ).rejects.toThrow('does not see');
    const { response_url } = await click(on.workspace, ts);
    await respond(response_url, { text: 'changed', replace_original: true });
    expect(on.workspace.ephemerals('U0ANN').map((one) => one.text)).toEqual(['changed']);
    await respond(response_url, { delete_original: true });
    expect(on.workspace.ephemerals('U0ANN')).toEqual([]);
  });
});

function buttonView() {
  return {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Buttons' },
    blocks: cardBlocks() as [],
  };
}

async function clickInside(workspace: SlackWorkspace): Promise<string> {
  const viewId = workspace.modals('U0ANN').at(-1)?.id ?? '';
  const sent = await workspace.as('U0ANN').clickButton({ viewId, actionId: 'yes' });
  const payload = JSON.parse(new URLSearchParams(sent.request.body).get('payload') ?? '{}');
  expect(payload).toMatchObject({ container: { type: 'view', view_id: viewId }, view: { id: viewId } });
  return String(payload.trigger_id);
}
