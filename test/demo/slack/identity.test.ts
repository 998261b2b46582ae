import { describe, expect, it } from 'vitest';
import { clientOf, refusal, startBolt, startWorkspace } from './harness.ts';

const group = { id: 'S0OPS', handle: 'ops', userIds: ['U0ANN'] };
const team = { id: 'T0HOME', domain: 'home', name: 'Home' };
const grid = { ...team, enterprise: { id: 'E0ORG', name: 'The Org' }, isEnterpriseInstall: true };

/** The payload of an interaction that was sent as a form. */
const payloadOf = (body: string) => JSON.parse(new URLSearchParams(body).get('payload') ?? '{}');

describe('who is who', () => {
  it('says of people what decides whether they may do something', async () => {
    await using workspace = await startWorkspace();
    const { users } = clientOf(workspace);
    workspace.updateUser('U0GUS', { singleChannelGuest: true, tz: 'Asia/Kolkata' });
    const ann = (await users.info({ user: 'U0ANN' })).user;
    expect(ann).toMatchObject({ team_id: 'T0HOME', deleted: false, is_stranger: false, tz: 'Europe/Berlin' });
    expect([3600, 7200]).toContain(ann?.tz_offset);
    expect((await users.info({ user: 'U0GUS' })).user).toMatchObject({
      is_restricted: true,
      is_ultra_restricted: true,
      tz_offset: 19_800,
    });
    expect((await users.info({ user: 'U0FAR' })).user).toMatchObject({
      team_id: 'T0AWAY',
      is_stranger: true,
    });
    expect((await users.info({ user: 'U0APPBOT' })).user).toMatchObject({ is_bot: true });
    const old = (await users.info({ user: 'U0OLD' })).user;
    expect(old).toMatchObject({ deleted: true });
    expect(old?.tz).toBeUndefined();
  });

  it('opens direct messages, but not with bots or people who are gone', async () => {
    await using workspace = await startWorkspace();
    const { conversations, chat } = clientOf(workspace);
    const opened = await conversations.open({ users: 'U0ANN' });
    await chat.postMessage({ channel: String(opened.channel?.id), text: 'psst' });
    expect(workspace.messages('U0ANN').map(({ text }) => text)).toEqual(['psst']);
    expect((await refusal(conversations.open({ users: 'U0OLD' }))).error).toBe('user_disabled');
    expect((await refusal(conversations.open({ users: 'U0APPBOT' }))).error).toBe('cannot_dm_bot');
  });

  it('tells the app who joined and who left a user group', async () => {
    await using workspace = await startWorkspace(undefined, [group]);
    const seen: unknown[] = [];
    await using _bolt = await startBolt(workspace, (app) =>
      app.event('subteam_members_changed', async ({ event }) => void seen.push(event)),
    );
    await workspace.changeMembers('S0OPS', ['U0BOB']);
    expect(seen).toMatchObject([
      { subteam_id: 'S0OPS', team_id: 'T0HOME', added_users: ['U0BOB'], removed_users: ['U0ANN'] },
    ]);
    const { users } = await clientOf(workspace).usergroups.users.list({ usergroup: 'S0OPS' });
    expect(users).toEqual(['U0BOB']);
  });

  it('has no user groups without a paid plan', async () => {
    await using workspace = await startWorkspace(undefined, [group], { team: { ...team, plan: 'free' } });
    const { usergroups } = clientOf(workspace);
    expect((await refusal(usergroups.list())).error).toBe('plan_upgrade_required');
    expect((await refusal(usergroups.users.list({ usergroup: 'S0OPS' }))).error).toBe(
      'plan_upgrade_required',
    );
  });
});

describe('an organization on Enterprise Grid', () => {
  it('is named in every payload, with foreign people under their own workspace', async () => {
    await using workspace = await startWorkspace(undefined, [], { team: grid });
    await using _bolt = await startBolt(workspace, (app) => {
      app.command('/ask', ({ ack }) => ack());
      app.event('app_home_opened', async () => {});
      app.view({ callback_id: 'form', type: 'view_closed' }, ({ ack }) => ack());
    });
    const client = clientOf(workspace);
    expect(await client.auth.test()).toMatchObject({ enterprise_id: 'E0ORG', is_enterprise_install: true });
    expect((await client.users.info({ user: 'U0ANN' })).user?.enterprise_user).toMatchObject({
      enterprise_id: 'E0ORG',
      teams: ['T0HOME'],
    });
    expect((await refusal(client.usergroups.list())).error).toBe('missing_argument');
    expect((await client.usergroups.list({ team_id: 'T0HOME' })).ok).toBe(true);
    const command = await workspace.as('U0ANN').slashCommand('/ask', '', 'open');
    expect(Object.fromEntries(new URLSearchParams(command.request.body))).toMatchObject({
      team_id: 'T0HOME',
      enterprise_id: 'E0ORG',
      is_enterprise_install: 'true',
    });
    const opened = await workspace.as('U0ANN').openHome();
    expect(JSON.parse(opened.request.body)).toMatchObject({
      authorizations: [{ enterprise_id: 'E0ORG', is_enterprise_install: true }],
    });
    const { ts } = await client.chat.postMessage({ channel: 'open', text: 'x', blocks: [button] });
    const click = { channel: 'open', ts: String(ts), actionId: 'go' };
    const own = payloadOf((await workspace.as('U0ANN').clickButton(click)).request.body);
    expect(own).toMatchObject({ enterprise: { id: 'E0ORG' }, team: null, user: { team_id: 'T0HOME' } });
    const far = payloadOf((await workspace.as('U0FAR').clickButton(click)).request.body);
    expect(far).toMatchObject({ enterprise: null, team: null, user: { team_id: 'T0AWAY' } });
  });

  it('is named beside the workspace where the app is installed in that alone', async () => {
    const { isEnterpriseInstall: _all, ...alone } = grid;
    await using workspace = await startWorkspace(undefined, [], { team: alone });
    await using _bolt = await startBolt(workspace, (app) => app.action('go', ({ ack }) => ack()));
    const { ts } = await clientOf(workspace).chat.postMessage({
      channel: 'open',
      text: 'x',
      blocks: [button],
    });
    const clicked = async (user: string) => {
      const click = { channel: 'open', ts: String(ts), actionId: 'go' };
      return payloadOf((await workspace.as(user).clickButton(click)).request.body);
    };
    const organization = { enterprise_id: 'E0ORG', enterprise_name: 'The Org' };
    expect(await clicked('U0ANN')).toMatchObject({
      enterprise: { id: 'E0ORG' },
      is_enterprise_install: false,
      team: { id: 'T0HOME', ...organization },
    });
    expect(await clicked('U0FAR')).toMatchObject({ enterprise: null, team: { id: 'T0AWAY' } });
  });
});

const button = {
  type: 'actions',
  elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
};

describe('scopes', () => {
  it('are named in every answer and missed where they are missing', async () => {
    const app = { id: 'A0APP', botToken: 'xoxb-stand-in', signingSecret: 's', scopes: ['chat:write'] };
    await using workspace = await startWorkspace(undefined, [], { app });
    const client = clientOf(workspace);
    const answer = await client.auth.test();
    expect(answer.response_metadata?.scopes).toEqual(['chat:write']);
    await client.chat.postMessage({ channel: 'open', text: 'x' });
    await expect(client.users.info({ user: 'U0ANN' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'users:read', provided: 'chat:write' },
    });
  });
});
