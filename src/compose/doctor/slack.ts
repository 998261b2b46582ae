import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import {
  BOT_SCOPES,
  inspectSlack,
  type SlackIdentity,
  type SlackInspector,
  testAppToken,
} from '../../notify/index.ts';
import { about } from './examined.ts';
import { why } from './why.ts';

const { ok, warning, problem } = about('slack');

type Slack = NonNullable<Config['slack']>;

/** What there is to say of the app, its tokens and its channels; the inspector where the workspace answers. */
export interface SlackExamined {
  readonly examined: readonly Examined[];
  readonly inspector: SlackInspector | null;
}

/** Asks Slack whether the app is set up as the configuration and the manifest say. */
export async function examineSlack(config: Config): Promise<SlackExamined> {
  const { slack, botAbsence, publicUrl } = config;
  if (slack === null)
    return {
      examined: [
        warning(
          `the bot will not run: ${botAbsence}`,
          'countersign init writes the section and the manifest',
        ),
      ],
      inspector: null,
    };
  const inspector = inspectSlack({ token: slack.botToken, apiUrl: slack.apiUrl });
  let identity: SlackIdentity;
  try {
    identity = await inspector.identity();
  } catch (error) {
    const fix = 'set SLACK_BOT_TOKEN to the bot token (xoxb-…) of the installed app';
    return { examined: [problem(`the bot token is of no use: ${why(error)}`, fix)], inspector: null };
  }
  const channels = [
    ...new Set([
      slack.approvalChannel,
      slack.alertChannel,
      ...levelChannels(config),
      ...receiverChannels(config),
    ]),
  ];
  const examined = [
    ...identityOf(identity, slack),
    ...scopesOf(identity),
    ...(await Promise.all(channels.map((channel) => examineChannel(inspector, channel)))),
    await examineTransport(slack, botAbsence, publicUrl),
  ];
  return { examined, inspector };
}

/** Channels that the registered pipelines tell when nobody answers. */
/** Channels that are receivers of alerts. */
function receiverChannels({ alerts }: Config): string[] {
  return alerts.receivers.flatMap((receiver) => (receiver.type === 'slack' ? [receiver.channel] : []));
}

function levelChannels({ pipelines }: Config): string[] {
  const stages = pipelines.flatMap(({ pipeline }) => pipeline.stages);
  const levels = stages.flatMap((stage) => (stage.kind === 'approval' ? stage.escalation.levels : []));
  return levels.flatMap(({ channel }) => channel ?? []);
}

function identityOf({ team, appId }: SlackIdentity, slack: Slack): Examined[] {
  const found: Examined[] = [];
  if (team !== slack.team)
    found.push(
      problem(
        `the bot token is of workspace ${team}, and slack.team says ${slack.team}: every click would be refused`,
        `set slack.team to ${team}, or SLACK_BOT_TOKEN to the token of ${slack.team}`,
      ),
    );
  if (appId !== null && appId !== slack.appId)
    found.push(
      problem(
        `the bot token is of app ${appId}, and slack.app_id says ${slack.appId}: every click would be refused`,
        `set slack.app_id to ${appId}`,
      ),
    );
  return found.length > 0
    ? found
    : [ok(`the bot token is of workspace ${team}, app ${appId ?? slack.appId}`)];
}

function scopesOf({ scopes }: SlackIdentity): Examined[] {
  if (scopes === null)
    return [
      warning('Slack does not tell which scopes the bot token has', 'compare the app with its manifest'),
    ];
  const missing = BOT_SCOPES.filter((scope) => !scopes.includes(scope));
  const idle = scopes.filter((scope) => !BOT_SCOPES.includes(scope));
  const found: Examined[] = [];
  if (missing.length > 0)
    found.push(
      problem(
        `the bot token lacks ${missing.join(', ')}`,
        'give the app the scopes of its manifest (countersign init --print-manifest) and install it again',
      ),
    );
  if (idle.length > 0)
    found.push(
      warning(`the bot token may do more than it needs: ${idle.join(', ')}`, 'take those scopes away'),
    );
  return found.length > 0 ? found : [ok('the bot token has exactly the scopes of the manifest')];
}

async function examineChannel(inspector: SlackInspector, reference: string): Promise<Examined> {
  try {
    const { id, member, archived } = await inspector.channel(reference);
    if (archived) return problem(`channel ${reference} is archived`, 'name another one');
    if (!member)
      return problem(`the bot is not in channel ${reference}`, 'invite it there: /invite @<name of the app>');
    return ok(`the bot is in channel ${reference === id ? id : `${reference} (${id})`}`);
  } catch (error) {
    return problem(
      `channel ${reference} cannot be seen: ${why(error)}`,
      'create it and invite the bot to it',
    );
  }
}

async function examineTransport(
  { transport, apiUrl }: Slack,
  absence: string | null,
  publicUrl: string | null,
): Promise<Examined> {
  if (transport === null)
    return problem(
      `no click will arrive: ${absence}`,
      'set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP',
    );
  if (transport.kind === 'http') return signingSecretOf(transport.signingSecret, publicUrl);
  try {
    await testAppToken({ token: transport.appToken, apiUrl });
    return ok('Socket Mode: Slack lets the app connect');
  } catch (error) {
    return problem(
      `Socket Mode: the app cannot connect: ${why(error)}`,
      'set SLACK_APP_TOKEN to an app-level token (xapp-…) with the scope connections:write, and switch Socket Mode on',
    );
  }
}

function signingSecretOf(secret: string, publicUrl: string | null): Examined {
  if (!/^[0-9a-f]{32}$/.test(secret))
    return warning(
      'HTTP: SLACK_SIGNING_SECRET does not look like one (32 hexadecimal digits)',
      'copy it from Basic Information of the app; with a wrong one every click is refused',
    );
  const where = publicUrl === null ? 'https://<your host>' : publicUrl.replace(/\/$/, '');
  return ok(`HTTP: Slack must reach ${where}/slack/events; only a click shows whether it does`);
}
