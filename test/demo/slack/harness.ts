import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import {
  type SlackUsergroup,
  type SlackWorkspace,
  type SlackWorkspaceOptions,
  startSlackWorkspace,
} from '../../../src/demo/slack/index.ts';

export const botToken = 'xoxb-stand-in';
export const appToken = 'xapp-stand-in';
export const signingSecret = 'a-signing-secret';

/** A clock that runs with the real one and can be put forward. */
export function movableClock() {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance: (ms: number) => {
      ahead += ms;
    },
  };
}

export function startWorkspace(
  clock: () => Date = () => new Date(),
  usergroups: readonly SlackUsergroup[] = [],
  change: Partial<SlackWorkspaceOptions> = {},
): Promise<SlackWorkspace> {
  return startSlackWorkspace({
    team: { id: 'T0HOME', domain: 'home', name: 'Home' },
    app: { id: 'A0APP', botToken, appToken, signingSecret, name: 'Helper' },
    users: [
      { id: 'U0ANN', name: 'ann', realName: 'Ann Ash', tz: 'Europe/Berlin' },
      { id: 'U0BOB', name: 'bob', realName: 'Bob Birch' },
      { id: 'U0GUS', name: 'gus', realName: 'Gus Guest', guest: true },
      { id: 'U0FAR', name: 'far', realName: 'Far Foreign', teamId: 'T0AWAY' },
      { id: 'U0OLD', name: 'old', realName: 'Old Oak', deleted: true },
    ],
    channels: [
      { id: 'C0OPEN', name: 'open' },
      { id: 'C0SHUT', name: 'shut', isPrivate: true, memberIds: ['U0ANN', 'U0APPBOT'] },
      { id: 'C0AWAY', name: 'away', memberIds: ['U0ANN'] },
    ],
    usergroups,
    clock,
    ...change,
  });
}

/** A client that does not retry, so that every refusal shows at once. */
export function clientOf(workspace: SlackWorkspace, token: string | undefined = botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    logLevel: LogLevel.ERROR,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  });
}

/** A logger for libraries that shall say nothing. */
export const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** A real Bolt app on a free port, connected to the workspace. */
export async function startBolt(workspace: SlackWorkspace, build: (app: App) => void) {
  const receiver = new HTTPReceiver({ signingSecret, logger: silent, unhandledRequestTimeoutMillis: 100 });
  const app = new App({
    token: botToken,
    receiver,
    logger: silent,
    clientOptions: { slackApiUrl: workspace.apiUrl, logger: silent, retryConfig: { retries: 0 } },
  });
  build(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  workspace.connect(`http://127.0.0.1:${port}/slack/events`);
  return { app, [Symbol.asyncDispose]: async () => void (await app.stop()) };
}

/** The error code and messages of a refused Web API call. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ error: string; messages: readonly string[] }> {
  try {
    await call;
  } catch (error) {
    const { data } = error as { data: { error: string; response_metadata?: { messages?: string[] } } };
    return { error: data.error, messages: data.response_metadata?.messages ?? [] };
  }
  throw new Error('the call was not refused');
}

/** A message with one button of each kind. */
export function cardBlocks() {
  return [
    { type: 'header', text: { type: 'plain_text', text: 'A question' } },
    {
      type: 'actions',
      block_id: 'answers',
      elements: [
        {
          type: 'button',
          action_id: 'yes',
          text: { type: 'plain_text', text: 'Yes' },
          value: 'v-yes',
          style: 'primary',
        },
        { type: 'button', action_id: 'no', text: { type: 'plain_text', text: 'No' }, value: 'v-no' },
      ],
    },
  ];
}

/** A modal with a reason and a kind. */
export function reasonView() {
  return {
    type: 'modal' as const,
    callback_id: 'reason_form',
    private_metadata: 'opaque',
    title: { type: 'plain_text' as const, text: 'Why?' },
    submit: { type: 'plain_text' as const, text: 'Send' },
    notify_on_close: true,
    blocks: [
      {
        type: 'input',
        block_id: 'reason',
        label: { type: 'plain_text', text: 'Reason' },
        element: { type: 'plain_text_input', action_id: 'text', multiline: true, min_length: 5 },
      },
      {
        type: 'input',
        block_id: 'kind',
        optional: true,
        label: { type: 'plain_text', text: 'Kind' },
        element: {
          type: 'static_select',
          action_id: 'choice',
          options: [
            { text: { type: 'plain_text', text: 'Big' }, value: 'big' },
            { text: { type: 'plain_text', text: 'Small' }, value: 'small' },
          ],
        },
      },
    ],
  };
}
