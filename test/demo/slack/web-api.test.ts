import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../../src/demo/slack/index.ts';
import { botToken, cardBlocks, clientOf, refusal, startWorkspace } from './harness.ts';

let workspace: SlackWorkspace;

beforeAll(async () => {
  const group = { id: 'S0ALL', handle: 'all', userIds: ['U0ANN', 'U0OLD'] };
  const gone = { id: 'S0GONE', handle: 'gone', userIds: ['U0BOB'], disabled: true };
  workspace = await startWorkspace(() => new Date(), [group, gone]);
});
afterAll(() => workspace.close());

describe('the Web API', () => {
  it('checks the bearer token', async () => {
    expect(await clientOf(workspace).auth.test()).toMatchObject({
      ok: true,
      team_id: 'T0HOME',
      user_id: 'U0APPBOT',
      bot_id: 'B0APP',
      url: workspace.pageUrl,
    });
    expect((await refusal(clientOf(workspace, 'xoxb-other').auth.test())).error).toBe('invalid_auth');
    const bare = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST' });
    expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
  });

  it('takes JSON bodies, and refuses others and unknown methods', async () => {
    const send = async (type: string, body: string, method = 'chat.postMessage') => {
      const headers = { authorization: `Bearer ${botToken}`, 'content-type': type };
      const answer = await fetch(`${workspace.apiUrl}${method}`, { method: 'POST', headers, body });
      return (await answer.json()) as { ok: boolean; error?: string };
    };
    const json = JSON.stringify({ channel: 'C0OPEN', text: 'as JSON' });
    expect(await send('application/json; charset=utf-8', json)).toMatchObject({ ok: true });
    expect(await send('application/json', '{')).toMatchObject({ error: 'invalid_json' });
    expect(await send('text/plain', 'x')).toMatchObject({ error: 'invalid_post_type' });
    expect(await send('application/json', '{}', 'chat.fly')).toMatchObject({ error: 'unknown_method' });
    expect(await send('application/json', '{}', 'constructor')).toMatchObject({ error: 'unknown_method' });
  });

  it('keeps everything of a message, and gives metadata to who asks', async () => {
    const client = clientOf(workspace);
    const metadata = { event_type: 'asked', event_payload: { number: 7 } };
    const posted = await client.chat.postMessage({
      channel: '#open',
      text: 'hi',
      blocks: cardBlocks(),
      metadata,
    });
    expect(posted.channel).toBe('C0OPEN');
    const ts = String(posted.ts);
    await client.chat.postMessage({ channel: 'C0OPEN', text: 'a reply', thread_ts: ts });
    const plain = await client.conversations.history({ channel: 'C0OPEN' });
    const full = await client.conversations.history({ channel: 'C0OPEN', include_all_metadata: true });
    expect(plain.messages?.[0]).toMatchObject({
      ts,
      text: 'hi',
      reply_count: 1,
      bot_id: 'B0APP',
      app_id: 'A0APP',
    });
    expect(plain.messages?.[0]?.metadata).toBeUndefined();
    expect(full.messages?.[0]?.metadata).toEqual(metadata);
    expect(full.messages?.[0]?.blocks?.[0]).toMatchObject({
      type: 'header',
      block_id: expect.any(String),
      text: { type: 'plain_text', text: 'A question', emoji: true },
    });
    const thread = await client.conversations.replies({ channel: 'C0OPEN', ts });
    expect(thread.messages?.map((message) => message.text)).toEqual(['hi', 'a reply']);
  });

  it('updates in place: fields left out stay', async () => {
    const client = clientOf(workspace);
    const posted = await client.chat.postMessage({ channel: 'C0OPEN', text: 'before', blocks: cardBlocks() });
    const place = { channel: 'C0OPEN', ts: String(posted.ts) };
    await client.chat.update({ ...place, text: 'after' });
    const message = workspace.messages('open').find((one) => one.ts === place.ts);
    expect(message).toMatchObject({ text: 'after', edited: { user: 'U0APPBOT' } });
    expect(message?.blocks).toHaveLength(2);
    await client.chat.update({ ...place, blocks: [], text: 'bare' });
    expect(workspace.messages('open').find((one) => one.ts === place.ts)?.blocks).toEqual([]);
    await client.chat.delete(place);
    expect((await refusal(client.chat.update({ ...place, text: 'gone' }))).error).toBe('message_not_found');
  });

  it('gives timestamps that are unique and increase while the clock stands still', async () => {
    await using still = await startWorkspace(() => new Date(1_795_000_000_000));
    const client = clientOf(still);
    for (const text of ['a', 'b', 'c']) await client.chat.postMessage({ channel: 'open', text });
    expect(still.messages('open').map((message) => message.ts)).toEqual([
      '1795000000.000100',
      '1795000000.000200',
      '1795000000.000300',
    ]);
  });

  it('pages through lists', async () => {
    const client = clientOf(workspace);
    const names: (string | undefined)[] = [];
    for await (const page of client.paginate('users.list', { limit: 2 })) {
      for (const user of (page as unknown as { members: { name: string }[] }).members) names.push(user.name);
    }
    expect(names).toEqual(['ann', 'bob', 'gus', 'far', 'old', 'helper']);
    expect((await refusal(client.users.list({ cursor: 'nonsense' }))).error).toBe('invalid_cursor');
  });

  it('tells who people are', async () => {
    const client = clientOf(workspace);
    expect((await client.users.info({ user: 'U0OLD' })).user).toMatchObject({
      deleted: true,
      team_id: 'T0HOME',
    });
    expect((await client.users.info({ user: 'U0GUS' })).user).toMatchObject({ is_restricted: true });
    expect((await client.users.info({ user: 'U0FAR' })).user).toMatchObject({
      is_stranger: true,
      team_id: 'T0AWAY',
    });
    expect((await client.users.info({ user: 'U0ANN' })).user).toMatchObject({ tz: 'Europe/Berlin' });
    expect((await client.team.info()).team).toMatchObject({ id: 'T0HOME', domain: 'home' });
    expect((await client.bots.info({ bot: 'B0APP' })).bot).toMatchObject({
      app_id: 'A0APP',
      user_id: 'U0APPBOT',
    });
  });

  it('lists user groups without the disabled ones and without deactivated people', async () => {
    const client = clientOf(workspace);
    const groups = await client.usergroups.list({ include_users: true });
    expect(groups.usergroups?.map((group) => [group.handle, group.users])).toEqual([['all', ['U0ANN']]]);
    expect((await client.usergroups.users.list({ usergroup: 'S0ALL' })).users).toEqual(['U0ANN']);
    expect((await refusal(client.usergroups.users.list({ usergroup: 'S0GONE' }))).error).toBe(
      'no_such_subteam',
    );
    workspace.setUsergroup({ id: 'S0ALL', handle: 'all', userIds: ['U0BOB'] });
    expect((await client.usergroups.users.list({ usergroup: 'S0ALL' })).users).toEqual(['U0BOB']);
  });

  it('opens direct messages once', async () => {
    const client = clientOf(workspace);
    const first = await client.conversations.open({ users: 'U0ANN' });
    const again = await client.conversations.open({ users: 'U0ANN' });
    expect(again).toMatchObject({ already_open: true, channel: { id: first.channel?.id } });
    const sent = await client.chat.postMessage({ channel: 'U0ANN', text: 'psst' });
    expect(sent.channel).toBe(first.channel?.id);
    const found = await workspace.waitForMessage((message) => message.text === 'psst');
    expect(found.channel).toBe(first.channel?.id);
    const channels = await client.conversations.list({ types: 'public_channel,private_channel' });
    expect(
      channels.channels?.map((channel) => [channel.name, channel.is_private, channel.is_member]),
    ).toEqual([
      ['open', false, true],
      ['shut', true, true],
      ['away', false, false],
    ]);
    const members = await client.conversations.members({ channel: 'C0SHUT' });
    expect(members.members).toEqual(['U0ANN', 'U0APPBOT']);
  });

  it('refuses with the codes of Slack', async () => {
    const client = clientOf(workspace);
    const human = workspace.as('U0ANN').postMessage('open', 'mine');
    const error = async (call: Promise<unknown>) => (await refusal(call)).error;
    expect(await error(client.chat.postMessage({ channel: 'C0NONE', text: 'x' }))).toBe('channel_not_found');
    expect(await error(client.chat.postMessage({ channel: 'C0AWAY', text: 'x' }))).toBe('not_in_channel');
    expect(await error(client.chat.postMessage({ channel: 'C0OPEN', text: '' }))).toBe('no_text');
    expect(await error(client.chat.postMessage({ channel: 'C0OPEN', text: 'x'.repeat(40_001) }))).toBe(
      'msg_too_long',
    );
    expect(await error(client.chat.update({ channel: 'C0OPEN', ts: human.ts, text: 'x' }))).toBe(
      'cant_update_message',
    );
    expect(await error(client.chat.delete({ channel: 'C0OPEN', ts: human.ts }))).toBe('cant_delete_message');
    expect(await error(client.chat.postEphemeral({ channel: 'C0SHUT', user: 'U0BOB', text: 'x' }))).toBe(
      'user_not_in_channel',
    );
    expect(await error(client.users.info({ user: 'U0NONE' }))).toBe('user_not_found');
    expect(await error(client.conversations.info({ channel: 'C0NONE' }))).toBe('channel_not_found');
    expect(await error(client.conversations.history({ channel: 'C0AWAY' }))).toBe('not_in_channel');
    expect(await refusal(client.apiCall('chat.postMessage', { text: 'x' }))).toEqual({
      error: 'invalid_arguments',
      messages: ['[ERROR] missing required field: channel'],
    });
    const blocks = 'not json' as unknown as [];
    expect(await error(client.chat.postMessage({ channel: 'C0OPEN', text: 'x', blocks }))).toBe(
      'invalid_blocks_format',
    );
  });

  it('adds a reaction once, and logs calls without the token', async () => {
    const client = clientOf(workspace);
    const { ts } = workspace.as('U0ANN').postMessage('open', 'react to me');
    await client.reactions.add({ channel: 'C0OPEN', timestamp: ts, name: 'tada' });
    const again = client.reactions.add({ channel: 'C0OPEN', timestamp: ts, name: 'tada' });
    expect((await refusal(again)).error).toBe('already_reacted');
    expect(workspace.messages('open').at(-1)?.reactions).toEqual([
      { name: 'tada', users: ['U0APPBOT'], count: 1 },
    ]);
    expect(workspace.calls('reactions.add').map((call) => call.error)).toEqual([null, 'already_reacted']);
    expect(JSON.stringify(workspace.calls())).not.toContain(botToken);
  });

  it('gives up waiting with what there was, and ends waits when it closes', async () => {
    await using other = await startWorkspace();
    await clientOf(other).chat.postMessage({ channel: 'open', text: 'only this' });
    await expect(other.waitForMessage(() => false, { timeoutMs: 20 })).rejects.toThrow('only this');
    const waiting = expect(other.waitForModal('U0ANN')).rejects.toThrow('closed');
    await other.close();
    await waiting;
  });
});
