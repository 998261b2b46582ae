import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import pg from 'pg';

// What the bot is measured against: the least that a Bolt app can do. It writes one row, acknowledges, and changes the
// message to say who clicked.

const {
  DATABASE_URL,
  SLACK_API_URL = '',
  SLACK_APP_TOKEN,
  SLACK_BOT_TOKEN,
  SLACK_SIGNING_SECRET = '',
} = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });

const clientOptions = { slackApiUrl: SLACK_API_URL };
const common = {
  authorize: async () => ({ botToken: SLACK_BOT_TOKEN ?? '' }),
  tokenVerificationEnabled: false,
  clientOptions,
};
const server = createServer();
const app = SLACK_APP_TOKEN === undefined ? overHttp() : overSocket(SLACK_APP_TOKEN);
const clicked = new Map<string, string[]>();

app.action('echo', async ({ ack, body, client }) => {
  await pool.query('insert into public.echo (who) values ($1)', [body.user.id]);
  await ack();
  if (body.type !== 'block_actions' || body.message === undefined || body.channel === undefined) return;
  const { ts } = body.message as { ts: string };
  const who = [...(clicked.get(ts) ?? []), `✅ <@${body.user.id}>`];
  clicked.set(ts, who);
  const blocks = [
    ...(body.message['blocks'] as never[]).slice(0, 1),
    { type: 'section', text: { type: 'mrkdwn', text: who.join('\n') } },
    ...(body.message['blocks'] as never[]).slice(-1),
  ];
  await client.chat.update({
    token: SLACK_BOT_TOKEN ?? '',
    channel: body.channel.id,
    ts,
    text: 'echo',
    blocks: blocks as never,
  });
});

if (SLACK_APP_TOKEN !== undefined) await app.start();
server.listen(0, '127.0.0.1', () => {
  console.log(`{"url":"http://127.0.0.1:${(server.address() as AddressInfo).port}"}`);
});

function overHttp(): App {
  const receiver = new HTTPReceiver({ signingSecret: SLACK_SIGNING_SECRET, endpoints: ['/slack/events'] });
  server.on('request', (request, response) => receiver.requestListener(request, response));
  return new App({ receiver, ...common });
}

function overSocket(appToken: string): App {
  return new App({
    receiver: new SocketModeReceiver({ appToken, installerOptions: { clientOptions } }),
    ...common,
  });
}
