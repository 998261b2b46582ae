import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import pg from 'pg';

// What the bot is measured against: the least that a Bolt app can do. It writes one row, acknowledges, and changes the
// message to say who clicked.

const { DATABASE_URL, SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET = '' } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query('create table if not exists echo (id bigint generated always as identity, who text)');

const receiver = new HTTPReceiver({ signingSecret: SLACK_SIGNING_SECRET, endpoints: ['/slack/events'] });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: SLACK_BOT_TOKEN ?? '' }),
  tokenVerificationEnabled: false,
  clientOptions: { slackApiUrl: SLACK_API_URL ?? '' },
});
const clicked = new Map<string, string[]>();

app.action('echo', async ({ ack, body, client }) => {
  await pool.query('insert into echo (who) values ($1)', [body.user.id]);
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

const server = createServer((request, response) => receiver.requestListener(request, response));
server.listen(0, '127.0.0.1', () => {
  console.log(`{"url":"http://127.0.0.1:${(server.address() as AddressInfo).port}"}`);
});
