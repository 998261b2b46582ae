import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bot } from '../../src/bot/index.ts';
import type { LinePatience } from '../../src/bot/transport/line.ts';
import { socketTransport } from '../../src/bot/transport/socket.ts';
import { CountersignError } from '../../src/domain/index.ts';
import { vendorLogger } from '../../src/notify/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  APP_TOKEN,
  type BotHarness,
  buttonValueOf,
  confirmationBody,
  type LogLine,
  listLogger,
  openBot,
  startBotHarness,
} from '../support/bot-harness.ts';

type JsonObject = Readonly<Record<string, unknown>>;

let harness: BotHarness;
let log: LogLine[];
let bot: Bot;
beforeEach(async () => {
  harness = await startBotHarness();
  // Whatever is sent goes through the socket from here on.
  harness.slack.connect(null);
  log = [];
  bot = openBot(harness.story, harness.slack, log, {
    transport: { kind: 'socket', appToken: APP_TOKEN },
  });
});
afterEach(async () => {
  await bot.stop();
  await harness[Symbol.asyncDispose]();
});

/** The payload of a confirmation, as it comes through the socket. */
const confirmation = (value: string): JsonObject =>
  JSON.parse(new URLSearchParams(confirmationBody({ value })).get('payload') ?? '{}') as JsonObject;

it('connects with the app token, acknowledges clicks after they are kept, and reconnects when told to', async () => {
  const { slack } = harness;
  const { card, requestId } = await harness.ask();
  await bot.start();
  await slack.sockets.waitForConnections(1);
  const payload = confirmation(buttonValueOf(card));
  expect(await slack.sockets.send({ type: 'interactive', payload })).toMatchObject({ acknowledged: true });
  const kept = await harness.story.context.db.selectFrom('inbox').select('id').execute();
  expect(kept).toHaveLength(1);

  slack.sockets.disconnect();
  await slack.sockets.waitForConnections(1, { timeoutMs: 20_000 });
  expect(await slack.sockets.send({ type: 'interactive', payload })).toMatchObject({ acknowledged: true });
  expect(await harness.work()).toEqual([]);
  expect(harness.told('lea')).toHaveLength(1);
  expect(harness.told('lea')[0]).toContain('Recorded: you approved');
  expect(await decisionsOn(harness.story.context.db, requestId)).toHaveLength(1);
  expect(JSON.stringify(log)).not.toContain(APP_TOKEN);
});

it('refuses payloads of another workspace there too', async () => {
  const { card } = await harness.ask();
  await bot.start();
  const foreign = { ...confirmation(buttonValueOf(card)), team: { id: 'T0OTHER' } };
  await harness.slack.sockets.send({ type: 'interactive', payload: foreign });
  expect(await harness.answered()).toEqual(['refused:foreign_workspace']);
  expect(log.map(({ message }) => message)).toContain('a payload that is not ours was set aside');
});

describe('a line to Slack', () => {
  const open = (patience: Partial<LinePatience> = {}) =>
    socketTransport({
      appToken: APP_TOKEN,
      apiUrl: harness.slack.apiUrl,
      logger: listLogger(log),
      vendorLogger: vendorLogger(null, []),
      patience: { hello: 5000, deaf: 60_000, pause: 10, ...patience },
    });
  const count = () => harness.slack.sockets.count();

  it('is made again when Slack cuts it and will not open another for a while', async () => {
    const line = open();
    await line.start();
    harness.slack.faults.failNext('apps.connections.open', 500);
    harness.slack.faults.dropBeforeDelivery('apps.connections.open');
    harness.slack.faults.rateLimitNext('apps.connections.open', 0);
    harness.slack.sockets.cut();
    await expect.poll(count).toBe(0);
    await harness.slack.sockets.waitForConnections(1);
    await line.ready();
    await line.stop();
    await expect.poll(count).toBe(0);
  });

  it('does not give up at the start where Slack is out of reach', async () => {
    harness.slack.faults.failNext('apps.connections.open', 503);
    const line = open();
    await line.start();
    expect(count()).toBe(1);
    await line.stop();
  });

  it('is not ready once nothing could arrive for a while, and ready again when something can', async () => {
    const line = open({ deaf: 0 });
    await line.start();
    await line.ready();
    const heal = harness.slack.faults.always('apps.connections.open', { kind: 'failed', status: 500 });
    harness.slack.sockets.cut();
    await expect.poll(() => line.ready().catch(String)).toContain('no connection to Slack for');
    await expect
      .poll(() => log.map(({ message }) => message))
      .toContain('Slack is not connected: clicks do not arrive');
    heal();
    await harness.slack.sockets.waitForConnections(1);
    await expect.poll(() => line.ready().catch(String)).toBeUndefined();
    await line.stop();
  });

  it('outlives a message that the library does not understand', async () => {
    const line = open();
    await line.start();
    void harness.slack.sockets.send({ type: 'events_api', payload: {} });
    await expect
      .poll(() => log.map(({ message }) => message))
      .toContain('a message of Slack was not understood');
    expect(count()).toBe(1);
    await line.stop();
  });
});

it('takes no requests over HTTP', async () => {
  await bot.start();
  const answered: number[] = [];
  const response = { writeHead: (status: number) => answered.push(status), end: () => {} };
  bot.handleRequest({ resume: () => {} } as never, response as never);
  expect(answered).toEqual([404]);
});

it('says why when Slack refuses the token', async () => {
  harness.slack.faults.always('apps.connections.open', { kind: 'refused', error: 'invalid_auth' });
  const refused = await bot.start().then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(CountersignError);
  expect(String(refused)).toContain('invalid_auth');
});

it('shows cards though clicks cannot reach it, where no way is configured', async () => {
  const mute = openBot(harness.story, harness.slack, log, { transport: null });
  await mute.start();
  const { requestId } = await harness.ask();
  await mute.processors['show-approval-card']?.({ requestId });
  await mute.stop();
});
