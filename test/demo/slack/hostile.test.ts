import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { signatureOf, signRequest } from '../../../src/demo/slack/index.ts';
import { cardBlocks, signingSecret, startBolt, startWorkspace } from './harness.ts';

async function stage() {
  const clicks: string[] = [];
  const workspace = await startWorkspace();
  const bolt = await startBolt(workspace, (app: App) => {
    app.action('yes', async ({ ack, body }) => {
      await ack();
      clicks.push(`${body.team?.id ?? '-'} ${(body as { api_app_id?: string }).api_app_id ?? '-'}`);
    });
  });
  const { ts } = await bolt.app.client.chat.postMessage({
    channel: 'C0OPEN',
    text: 'card',
    blocks: cardBlocks(),
  });
  const first = await workspace.as('U0ANN').clickButton({ channel: 'open', ts: String(ts), actionId: 'yes' });
  return {
    workspace,
    clicks,
    first,
    [Symbol.asyncDispose]: async () => {
      await bolt[Symbol.asyncDispose]();
      await workspace.close();
    },
  };
}

describe('requests that Slack would not send', () => {
  it('signs as Slack documents it', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    expect(
      signatureOf({ signingSecret: '8f742231b10e8888abcd99yyyzzz85a5', timestamp: 1531420618, body }),
    ).toBe('v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503');
  });

  it('replays a click byte for byte', async () => {
    await using on = await stage();
    const replay = await on.workspace.rawRequest(on.first.request);
    expect(replay.status).toBe(200);
    expect(replay.request).toEqual(on.first.request);
    expect(on.clicks).toEqual(['T0HOME A0APP', 'T0HOME A0APP']);
  });

  it('sends wrong, missing and old signatures', async () => {
    await using on = await stage();
    const { headers, body } = on.first.request;
    const forged = { ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` };
    const other = signRequest(
      { signingSecret: 'other', timestamp: Math.floor(Date.now() / 1000), body },
      String(headers['content-type']),
    );
    const stale = signRequest(
      { signingSecret, timestamp: Math.floor(Date.now() / 1000) - 301, body },
      String(headers['content-type']),
    );
    const { 'x-slack-signature': _signature, ...unsigned } = headers;
    const requests = [
      { headers: forged, body },
      { headers, body: `${body}&x=1` },
      { headers: unsigned, body },
      other,
      stale,
    ];
    const statuses = await Promise.all(
      requests.map(async (one) => (await on.workspace.rawRequest(one)).status),
    );
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    expect(on.clicks).toHaveLength(1);
  });

  it('speaks for another workspace and another app with a good signature', async () => {
    await using on = await stage();
    const payload = JSON.parse(new URLSearchParams(on.first.request.body).get('payload') ?? '{}');
    const foreign = { ...payload, team: { id: 'T0EVIL', domain: 'evil' }, api_app_id: 'A0EVIL' };
    const body = new URLSearchParams({ payload: JSON.stringify(foreign) }).toString();
    expect((await on.workspace.rawRequest(on.workspace.sign(body))).status).toBe(200);
    expect(on.clicks).toEqual(['T0HOME A0APP', 'T0EVIL A0EVIL']);
  });

  it('refuses to act before it is connected', async () => {
    await using workspace = await startWorkspace();
    await expect(workspace.sendEvent({ type: 'team_join' })).rejects.toThrow('call connect(url) first');
  });
});
