import { METHOD_SCOPES } from './calls.ts';

/** The slash command that the bot listens to. */
export const GOVERNANCE_COMMAND = {
  command: '/governance',
  /** People and channels that are typed arrive as ids, which alone prove who is meant. */
  should_escape: true,
  description: 'How models stand, and what waits for approval',
  usage_hint:
    'status <model>[@version][@time] | pending | history <model> | search <words> | verify <sha256> | override <model>@<version> | mute <finding> | renew <model>@<version> | delegate @somebody | withdraw <model>@<version> | help',
} as const;

/** The events that the bot listens to. */
export const BOT_EVENTS = [
  'app_home_opened',
  'app_uninstalled',
  'tokens_revoked',
  'subteam_members_changed',
  'subteam_updated',
] as const;

/** Bot scopes: those of the methods we call, and of commands. */
export const BOT_SCOPES: readonly string[] = [
  ...new Set(['commands', ...Object.values(METHOD_SCOPES).flat()]),
].sort();

/** What an app manifest depends on. */
export interface ManifestOptions {
  readonly name: string;
  /** Where Slack reaches us over HTTPS (`https://…/slack/events`); null for Socket Mode. */
  readonly requestUrl: string | null;
}

/** The manifest from which a workspace's admin creates the app: exactly what this code uses. */
export function appManifest({ name, requestUrl }: ManifestOptions): Readonly<Record<string, unknown>> {
  const reached = requestUrl === null ? {} : { request_url: requestUrl };
  const url = requestUrl === null ? {} : { url: requestUrl };
  return {
    display_information: {
      name,
      description: 'Signed governance for every model in production: approvals, alerts, status',
      background_color: '#1b3a4b',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: name, always_online: true },
      slash_commands: [{ ...GOVERNANCE_COMMAND, ...url }],
    },
    oauth_config: { scopes: { bot: BOT_SCOPES } },
    settings: {
      event_subscriptions: { ...reached, bot_events: BOT_EVENTS },
      interactivity: { is_enabled: true, ...reached },
      org_deploy_enabled: false,
      socket_mode_enabled: requestUrl === null,
      token_rotation_enabled: false,
    },
  };
}
