import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CountersignError } from '../../src/domain/index.ts';
import { createSlackClient, note } from '../../src/notify/index.ts';
import { ALERTS, type ClientInWorkspace, openWorkspace, SECRET } from './workspace.ts';

let place: ClientInWorkspace;
beforeEach(async () => {
  place = await openWorkspace();
});
afterEach(async () => {
  await place[Symbol.asyncDispose]();
});

const hello = note('hello');
const texts = () => place.slack.messages(ALERTS).map(({ text }) => text);

async function failureOf(work: Promise<unknown>): Promise<CountersignError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CountersignError)) throw new Error(`expected a failure of ours, got ${error}`);
  return error;
}

describe('a channel', () => {
  it('is found by name, with and without #, and looked up once', async () => {
    expect(await place.client.channelId('#model-alerts')).toBe(ALERTS);
    expect(await place.client.channelId('model-alerts')).toBe(ALERTS);
    expect(place.slack.calls('conversations.list')).toHaveLength(1);
  });

  it('is taken as it is when it is an id', async () => {
    expect(await place.client.channelId('C0WHATEVER')).toBe('C0WHATEVER');
    expect(place.slack.calls()).toEqual([]);
  });

  it('that is not there fails with what to do', async () => {
    const { code, message } = await failureOf(place.client.channelId('#nowhere'));
    expect(code).toBe('not_found');
    expect(message).toContain('the bot sees no Slack channel #nowhere: create it, or invite the bot to it');
  });
});

describe('a refusal', () => {
  it.each([
    [SECRET, 'not_in_channel', 'invite the bot to the channel'],
    ['C0NOWHERE', 'channel_not_found', 'name an existing channel'],
  ])('in %s says what to do', async (channel, slackCode, remedy) => {
    const { code, message } = await failureOf(place.client.post(channel, hello));
    expect(code).toBe('unavailable');
    expect(message).toContain(slackCode);
    expect(message).toContain(remedy);
  });

  it('of the token does not show the token', async () => {
    const client = createSlackClient({ token: 'xoxb-wrong', apiUrl: place.slack.apiUrl });
    const error = await failureOf(client.post(ALERTS, hello));
    expect(error.message).toContain('set a valid bot token');
    expect(`${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toContain('xoxb-wrong');
  });
});

describe('posting', () => {
  it('is never tried twice after an ambiguous failure', async () => {
    place.slack.faults.dropAfterDelivery('chat.postMessage');
    const { code } = await failureOf(place.client.post(ALERTS, hello));
    expect(code).toBe('unavailable');
    expect(texts()).toEqual(['hello']);
  });

  it('turns nothing into links or mentions by itself', async () => {
    await place.client.post(ALERTS, hello);
    expect(place.slack.calls('chat.postMessage')[0]?.arguments).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
      link_names: 'false',
    });
  });

  it('waits out a short Retry-After', async () => {
    place.slack.faults.rateLimitNext('chat.postMessage', 1);
    await place.client.post(ALERTS, hello);
    expect(texts()).toEqual(['hello']);
  });

  it('during a long Retry-After asks no more, while answers to people and forms go on', async () => {
    place.slack.faults.rateLimitNext('chat.postMessage', 30);
    await failureOf(place.client.post(ALERTS, hello));
    const { message } = await failureOf(place.client.post(ALERTS, hello));
    expect(message).toContain('ratelimited');
    expect(place.slack.calls('chat.postMessage').length).toBeLessThanOrEqual(1);
    const started = performance.now();
    expect(await place.client.tell('U0LEA', ALERTS, hello)).toBe(true);
    expect(await place.client.openModal('unknown', {} as never)).toBe('expired');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('updating', () => {
  it('is tried again after failures that pass', async () => {
    const ref = await place.client.post(ALERTS, hello);
    place.slack.faults.failNext('chat.update', 503);
    place.slack.faults.dropAfterDelivery('chat.update');
    expect(await place.client.update(ref, note('bye'))).toBe('updated');
    expect(texts()).toEqual(['bye']);
  });

  it('tells that a message is gone', async () => {
    const ref = await place.client.post(ALERTS, hello);
    place.slack.removeMessage(ALERTS, ref.ts);
    expect(await place.client.update(ref, hello)).toBe('gone');
    const others = place.slack.as('U0LEA').postMessage(ALERTS, 'mine');
    expect(await place.client.update({ channel: ALERTS, ts: others.ts }, hello)).toBe('gone');
  });
});

describe('telling one person', () => {
  it('happens in the channel, for their eyes only', async () => {
    expect(await place.client.tell('U0LEA', ALERTS, hello)).toBe(true);
    expect(place.slack.ephemerals('U0LEA').map(({ channel }) => channel)).toEqual([ALERTS]);
    expect(texts()).toEqual([]);
  });

  it('happens directly where the channel is not theirs, or is none', async () => {
    expect(await place.client.tell('U0OUT', ALERTS, hello)).toBe(true);
    expect(await place.client.tell('U0OUT', null, hello)).toBe(true);
    expect(place.slack.messages('U0OUT')).toHaveLength(2);
    expect(place.slack.ephemerals('U0OUT')).toEqual([]);
  });

  it('says when there is no such person', async () => {
    expect(await place.client.tell('U0NOBODY', ALERTS, hello)).toBe(false);
  });

  it('fails when Slack may take it a little later', async () => {
    place.slack.faults.failNext('chat.postEphemeral', 500);
    expect((await failureOf(place.client.tell('U0LEA', ALERTS, hello))).message).toContain('http_500');
  });

  it('gives up on a call that hangs before the person does', async () => {
    const held = place.slack.faults.holdNext('chat.postEphemeral');
    const started = performance.now();
    expect((await failureOf(place.client.tell('U0LEA', ALERTS, hello))).message).toContain('unreachable');
    expect(performance.now() - started).toBeLessThan(2900);
    held.release();
  });
});

it('answers at a response URL, and says when that takes no answer', async () => {
  expect(await place.client.respond(`${place.slack.pageUrl}commands/T0TEST/none`, hello)).toBe(false);
  expect(await place.client.respond('http://127.0.0.1:1/', hello)).toBe(false);
});

it('finds no permalink to what is not there', async () => {
  expect(await place.client.permalink({ channel: ALERTS, ts: '1.000000' })).toBeNull();
});
