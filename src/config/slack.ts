import type { GroupRule } from '../domain/index.ts';
import type { ServiceEnvironment } from './environment.ts';
import type { ConfigFile } from './schema.ts';

/** The Slack workspace with the tokens that reach it. */
export interface SlackConfig {
  readonly team: string;
  readonly appId: string;
  readonly approvalChannel: string;
  readonly alertChannel: string;
  readonly apiUrl: string | null;
  /** To one channel, by all processes together. */
  readonly callsPerSecond: number;
  /** Roles of the members of user groups. */
  readonly userGroups: readonly GroupRule[];
  readonly botToken: string;
  /** How Slack reaches the bot; null where only messages can be posted. */
  readonly transport: SlackTransport | null;
}

/** HTTP mode where a signing secret is given, Socket Mode where an app token is. */
export type SlackTransport =
  | { readonly kind: 'http'; readonly signingSecret: string }
  | { readonly kind: 'socket'; readonly appToken: string };

/** The workspace with its tokens; and why the bot cannot run, where it cannot. */
export function slackConfig(
  raw: ConfigFile,
  environment: ServiceEnvironment,
): { slack: SlackConfig | null; absence: string | null } {
  if (raw.slack === undefined) return { slack: null, absence: 'countersign.yaml has no slack: section' };
  const { slackBotToken: botToken } = environment;
  if (botToken === null) return { slack: null, absence: 'SLACK_BOT_TOKEN is not set' };
  const { team, app_id: appId, approval_channel: approvalChannel, alert_channel, api_url } = raw.slack;
  const transport = transportOf(environment);
  const absence =
    transport === null
      ? 'neither SLACK_SIGNING_SECRET (HTTP) nor SLACK_APP_TOKEN (Socket Mode) is set'
      : null;
  const slack = {
    team,
    appId,
    approvalChannel,
    alertChannel: alert_channel ?? approvalChannel,
    apiUrl: api_url ?? null,
    callsPerSecond: raw.slack.calls_per_second,
    userGroups: raw.slack.user_groups,
    botToken,
    transport,
  };
  return { slack, absence };
}

function transportOf({
  slackAppToken: appToken,
  slackSigningSecret: signingSecret,
}: ServiceEnvironment): SlackTransport | null {
  if (appToken !== null) return { kind: 'socket', appToken };
  return signingSecret === null ? null : { kind: 'http', signingSecret };
}
