import { connect } from 'node:net';
import { App, SocketModeReceiver } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../../src/demo/slack/index.ts';
import { appToken, botToken, cardBlocks, clientOf, refusal, silent, startWorkspace } from './harness.ts';

/** A real Bolt app that comes through a socket; closing it is part of the test's end. */
async function startSocketApp(workspace: SlackWorkspace, build: (app: App) => void) {
  const clientOptions = { slackApiUrl: workspace.apiUrl, logger: silent };
  const receiver = new SocketModeReceiver({ appToken, logger: silent, installerOptions: { clientOptions } });
  const app = new App({ token: botToken, receiver, logger: silent, clientOptions });
  build(app);
  await app.start();
  return { app, [Symbol.asyncDispose]: async () => void (await app.stop()) };
}

async function postCard(workspace: SlackWorkspace) {
  const card = { channel: 'C0OPEN', text: 'card', blocks: cardBlocks() };
  const { ts } = await clientOf(workspace).chat.postMessage(card);
  return { channel: 'open', ts: String(ts) };
}

/** A WebSocket of the test's own, which acknowledges nothing by itself. */
async function openRaw(workspace: SlackWorkspace) {
  const { url } = await clientOf(workspace, appToken).apps.connections.open({});
  const socket = new WebSocket(String(url));
  const received: Record<string, unknown>[] = [];
  const arrivals: (() => void)[] = [];
  socket.addEventListener('message', ({ data }) => {
    received.push(JSON.parse(String(data)));
    for (const arrival of arrivals.splice(0)) arrival();
  });
  const upTo = async (count: number) => {
    while (received.length < count) await new Promise<void>((resolve) => arrivals.push(resolve));
  };
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  await upTo(1);
  const acknowledge = (envelope: unknown, payload?: object) =>
    socket.send(JSON.stringify({ envelope_id: (envelope as { envelope_id: string }).envelope_id, payload }));
  return { socket, received, upTo, acknowledge, closed };
}

const join = { type: 'events_api' as const, payload: { event: { type: 'team_join' } } };

describe('Socket Mode', () => {
  it('carries clicks, commands and events to Bolt, and their answers back', async () => {
    await using workspace = await startWorkspace();
    const seen: string[] = [];
    await using _app = await startSocketApp(workspace, (app) => {
      app.action('yes', async ({ ack, respond }) => {
        await ack();
        await respond({ text: 'noted', replace_original: true });
      });
      app.command('/ask', ({ ack, command }) => ack(`you asked ${command.text}`));
      app.event('team_join', async ({ body }) => void seen.push(body.event_id));
    });
    await workspace.sockets.waitForConnections(1);
    const card = await postCard(workspace);
    const click = await workspace.as('U0ANN').clickButton({ ...card, actionId: 'yes' });
    expect(click).toMatchObject({ status: 200, acknowledged: true, problem: null });
    await workspace.waitForMessage((message) => message.text === 'noted');
    await workspace.as('U0ANN').slashCommand('/ask', 'why', 'open');
    await workspace.waitForEphemeral('U0ANN', (message) => message.text === 'you asked why');
    await workspace.sendEvent({ type: 'team_join' }, { eventId: 'Ev1' });
    expect(seen).toEqual(['Ev1']);
  });

  it('gives each envelope to one of several connections, in turn', async () => {
    await using workspace = await startWorkspace();
    const [one, two] = [await openRaw(workspace), await openRaw(workspace)];
    expect(two.received[0]).toMatchObject({ type: 'hello', num_connections: 2 });
    const sent = [1, 2, 3, 4].map(() => workspace.sockets.send(join));
    await Promise.all([one.upTo(3), two.upTo(3)]);
    for (const link of [one, two]) for (const envelope of link.received.slice(1)) link.acknowledge(envelope);
    expect((await Promise.all(sent)).map(({ acknowledged }) => acknowledged)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const ids = [...one.received, ...two.received].flatMap(({ envelope_id }) => envelope_id ?? []);
    expect(new Set(ids).size).toBe(4);
  });

  it('sends what was not acknowledged on a line that was cut through another', async () => {
    await using workspace = await startWorkspace();
    const one = await openRaw(workspace);
    const two = await openRaw(workspace);
    const sending = workspace.sockets.send(join);
    await one.upTo(2);
    one.socket.close();
    await two.upTo(2);
    expect(two.received[1]).toMatchObject({ retry_attempt: 1, payload: join.payload });
    expect(two.received[1]?.['envelope_id']).not.toBe(one.received[1]?.['envelope_id']);
    two.acknowledge(two.received[1]);
    expect(await sending).toMatchObject({ acknowledged: true });
    workspace.sockets.cut();
    await two.closed;
    await expect.poll(() => workspace.sockets.count()).toBe(0);
    expect(await workspace.sockets.send(join)).toMatchObject({ status: 0, acknowledged: false });
  });

  it('says goodbye: a warning first, then no more envelopes', async () => {
    await using workspace = await startWorkspace();
    const one = await openRaw(workspace);
    workspace.sockets.disconnect('warning');
    expect(workspace.sockets.count()).toBe(1);
    workspace.sockets.disconnect();
    expect(workspace.sockets.count()).toBe(0);
    await one.upTo(3);
    expect(one.received.slice(1).map(({ type, reason }) => [type, reason])).toEqual([
      ['disconnect', 'warning'],
      ['disconnect', 'refresh_requested'],
    ]);
  });

  it('opens connections for the app-level token alone, each address once, ten at most', async () => {
    await using workspace = await startWorkspace();
    expect((await refusal(clientOf(workspace).apps.connections.open({}))).error).toBe(
      'not_allowed_token_type',
    );
    expect((await refusal(clientOf(workspace, 'xapp-other').apps.connections.open({}))).error).toBe(
      'invalid_auth',
    );
    const client = clientOf(workspace, appToken);
    expect((await refusal(client.chat.postMessage({ channel: 'open', text: 'x' }))).error).toBe(
      'not_allowed_token_type',
    );
    const { url } = await client.apps.connections.open({});
    const first = new WebSocket(String(url));
    await new Promise((resolve) => first.addEventListener('open', resolve));
    const again = new WebSocket(String(url));
    await new Promise((resolve) => again.addEventListener('error', resolve));
    for (let count = 2; count <= 10; count++) await openRaw(workspace);
    const eleventh = await openRaw(workspace);
    expect(eleventh.received[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(workspace.sockets.count()).toBe(10);
  });

  it('takes long and fragmented answers, answers pings, and hangs up on frames without a mask', async () => {
    await using workspace = await startWorkspace();
    const link = await openRaw(workspace);
    const payload = { text: 'ä'.repeat(40_000) };
    const sending = workspace.sockets.send({ type: 'slash_commands', payload: { long: 'x'.repeat(70_000) } });
    await link.upTo(2);
    expect(JSON.stringify(link.received[1]).length).toBeGreaterThan(70_000);
    link.acknowledge(link.received[1], payload);
    expect(JSON.parse((await sending).body)).toEqual(payload);
    const bytes = await speak(workspace, [
      masked(0x09, 'are you there'),
      masked(0x01, '{"envelope'),
      masked(0x80, '_id":"unknown"}'),
      Buffer.from([0x81, 1, 0x78]),
    ]);
    expect(bytes).toContain('101 Switching Protocols');
    expect(bytes).toContain('are you there');
  });
});

/** A short frame with an all-zero mask, which leaves the text as it is. */
function masked(first: number, text: string): Buffer {
  const isControl = first === 0x09;
  return Buffer.concat([
    Buffer.from([isControl ? 0x89 : first, 0x80 | text.length, 0, 0, 0, 0]),
    Buffer.from(text),
  ]);
}

/** Shakes hands over a bare TCP connection, sends frames, and gives everything that came until the end. */
async function speak(workspace: SlackWorkspace, frames: readonly Buffer[]): Promise<string> {
  const { url } = await clientOf(workspace, appToken).apps.connections.open({});
  const { host, port, pathname, search } = new URL(String(url));
  const stream = connect({ port: Number(port), host: '127.0.0.1' });
  const lines = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: a2V5',
  ];
  stream.write([`GET ${pathname}${search} HTTP/1.1`, `Host: ${host}`, ...lines, '', ''].join('\r\n'));
  for (const frame of frames) stream.write(frame);
  let bytes = '';
  for await (const chunk of stream) bytes += String(chunk);
  return bytes;
}
