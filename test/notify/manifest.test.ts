import { describe, expect, it } from 'vitest';
import { appManifest, BOT_SCOPES } from '../../src/notify/index.ts';
import { METHOD_SCOPES } from '../../src/notify/slack/calls.ts';

describe('the app manifest', () => {
  it('asks for exactly what the code calls', () => {
    expect(BOT_SCOPES).toEqual([
      'channels:history',
      'channels:read',
      'chat:write',
      'commands',
      'groups:history',
      'groups:read',
      'im:history',
      'im:write',
      'metadata.message:read',
      'usergroups:read',
      'users:read',
    ]);
    expect(Object.keys(METHOD_SCOPES)).toContain('views.open');
  });

  it('sends Slack to our URL over HTTP', () => {
    const url = 'https://governance.example/slack/events';
    expect(appManifest({ name: 'Countersign', requestUrl: url })).toMatchObject({
      features: { slash_commands: [{ command: '/governance', url, should_escape: true }] },
      oauth_config: { scopes: { bot: BOT_SCOPES } },
      settings: {
        event_subscriptions: {
          request_url: url,
          bot_events: [
            'app_home_opened',
            'app_uninstalled',
            'tokens_revoked',
            'subteam_members_changed',
            'subteam_updated',
          ],
        },
        interactivity: { is_enabled: true, request_url: url },
        socket_mode_enabled: false,
      },
    });
  });

  it('names no URL in Socket Mode', () => {
    const manifest = appManifest({ name: 'Countersign', requestUrl: null });
    expect(manifest).toMatchObject({ settings: { socket_mode_enabled: true } });
    expect(JSON.stringify(manifest)).not.toContain('url');
  });
});
