import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  APP_ID,
  type Asked,
  type BotHarness,
  buttonValueOf,
  clickBody,
  SIGNING_SECRET,
  startBotHarness,
} from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';

let harness: BotHarness;
let asked: Asked;
const open = async (): Promise<void> => {
  harness = await startBotHarness();
  asked = await harness.ask();
};
const close = (): Promise<void> => Promise.resolve(harness[Symbol.asyncDispose]());

const FORM = 'application/x-www-form-urlencoded';
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A request signed over these very texts, as only somebody with the secret could. */
function signed(body: string, timestamp: string, secret = SIGNING_SECRET) {
  const base = `v0:${Number(timestamp)}:${body}`;
  const signature = `v0=${createHmac('sha256', secret).update(base).digest('hex')}`;
  return {
    headers: {
      'content-type': FORM,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
    },
    body,
  };
}

async function nothingCame(): Promise<void> {
  expect(await harness.work()).toEqual([]);
  expect(await decisionsOn(harness.story.context.db, asked.requestId)).toEqual([]);
  const kept = await harness.answered();
  expect(kept.filter((outcome) => !outcome?.startsWith('refused:foreign_'))).toEqual([]);
}

const approve = (change: object = {}) => clickBody({ value: buttonValueOf(asked.card), ...change });

describe('a request without effect', () => {
  beforeAll(open);
  afterAll(close);

  it.each([
    ['a wrong signature', () => signed(approve(), String(nowSeconds()), 'another secret'), 401],
    ['a time long past', () => signed(approve(), String(nowSeconds() - 301)), 401],
    ['a time to come', () => signed(approve(), String(nowSeconds() + 120)), 401],
    ['a time ten years ahead', () => signed(approve(), String(nowSeconds() + 315_000_000)), 401],
    ['a time with decimals', () => signed(approve(), `${nowSeconds()}.0`), 401],
    ['a time in hexadecimal', () => signed(approve(), `0x${nowSeconds().toString(16)}`), 401],
    ['a time with a blank', () => signed(approve(), `${nowSeconds()}e0`), 401],
    ['no signature', () => ({ headers: { 'content-type': FORM }, body: approve() }), 401],
    ['no form', () => signed('payload=%7Bnot json', String(nowSeconds())), 400],
  ])('%s', async (_name, request, status) => {
    const { status: answered } = await harness.slack.rawRequest(request());
    expect(answered).toBe(status);
    await nothingCame();
  });

  it('an unsigned check of the certificate that smuggles a click', async () => {
    const body = `ssl_check=1&${approve()}`;
    const { status } = await harness.slack.rawRequest({ headers: { 'content-type': FORM }, body });
    expect(status).toBe(200);
    await nothingCame();
  });

  it.each([
    ['another app', { app: 'A0OTHER' }],
    ['another workspace', { team: 'T0OTHER' }],
    ['a guest of another workspace, in ours', { userTeam: 'T0OTHER' }],
  ])('a signed click of %s', async (_name, change) => {
    const { status } = await harness.slack.rawRequest(harness.slack.sign(approve(change)));
    expect(status).toBe(200);
    await nothingCame();
    expect(harness.log.at(-1)?.message).toBe('a payload that is not ours was set aside');
  });

  it('a click of a guest, who is told why', async () => {
    const { card } = asked;
    await harness.slack
      .as(SLACK_USERS.guest)
      .clickButton({ channel: card.channel, ts: card.ts, text: 'Approve…' });
    await nothingCame();
    expect(harness.told('guest')[0]).toContain('Only members of the workspace that owns this channel');
  });

  it('a modal and a command of another workspace', async () => {
    const view = {
      id: 'V1',
      hash: 'h',
      callback_id: 'approval.reject',
      private_metadata: JSON.stringify({ button: buttonValueOf(asked.card), channel: 'C0APPROVALS' }),
      state: { values: { reason: { text: { value: 'No.' } } } },
    };
    const payload = {
      type: 'view_submission',
      api_app_id: APP_ID,
      team: { id: 'T0OTHER' },
      user: { id: 'U1' },
      view,
    };
    const modal = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const command = new URLSearchParams({
      api_app_id: APP_ID,
      team_id: 'T0OTHER',
      user_id: 'U1',
      channel_id: 'C1',
      command: '/governance',
      text: 'pending',
      response_url: harness.url,
    }).toString();
    for (const body of [modal, command])
      expect((await harness.slack.rawRequest(harness.slack.sign(body))).status).toBe(200);
    await nothingCame();
  });

  it('another path, another method, a body too long', async () => {
    expect((await fetch(harness.url.replace('/events', '/other'), { method: 'POST' })).status).toBe(404);
    expect((await fetch(harness.url)).status).toBe(404);
    const long = signed('x'.repeat(2 * 1024 * 1024), String(nowSeconds()));
    expect([0, 413]).toContain((await harness.slack.rawRequest(long)).status);
    await nothingCame();
  });
});

describe('a payload that is not understood', () => {
  beforeEach(open);
  afterEach(close);

  it('a control of another release: the person is told', async () => {
    const body = approve({ action: 'approval.delegate' });
    const { status, ackMs } = await harness.slack.rawRequest(harness.slack.sign(body));
    expect(status).toBe(200);
    expect(ackMs).toBeLessThan(2500);
    await harness.slack.waitForEphemeral(SLACK_USERS.lea, () => true);
    expect(harness.told('lea')[0]).toContain('I do not know this kind of card');
    await nothingCame();
  });

  it('a form of another release: it is closed and the person is told', async () => {
    const payload = {
      type: 'view_submission',
      api_app_id: APP_ID,
      team: { id: TEAM },
      user: { id: SLACK_USERS.lea, team_id: TEAM },
      view: {
        id: 'V1',
        hash: 'h',
        callback_id: 'approval.override',
        private_metadata: '',
        state: { values: {} },
      },
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const { status, body: answer } = await harness.slack.rawRequest(harness.slack.sign(body));
    expect([status, JSON.parse(answer)]).toEqual([200, { response_action: 'clear' }]);
    const told = await harness.slack.waitForMessage(({ text }) => text.includes('I do not know this kind'));
    expect(told.channel).toMatch(/^D/);
  });

  it.each([
    ['a click without a value', { value: '' }],
    ['a click with an endless value', { value: 'x'.repeat(1999) }],
  ])('%s', async (_name, click) => {
    await harness.slack.rawRequest(harness.slack.sign(clickBody(click)));
    expect(await harness.work()).toEqual([]);
    expect(harness.told('lea')[0]).toContain('I do not know this card');
  });

  it.each([
    ['nothing in it', {}],
    ['no actions', { type: 'block_actions', actions: [], team: { id: TEAM }, user: { id: 'U1' } }],
    [
      'fields of other types',
      { type: 'block_actions', actions: [{ action_id: 7 }], team: { id: TEAM }, user: 'x' },
    ],
  ])('a payload with %s is survived', async (_name, payload) => {
    const body = new URLSearchParams({
      payload: JSON.stringify({ api_app_id: APP_ID, ...payload }),
    }).toString();
    void harness.slack.rawRequest(harness.slack.sign(body));
    await harness.click('lea', asked.card);
    expect(harness.told('lea')[0]).toContain('Recorded');
    expect(harness.log.some(({ level }) => level === 'error')).toBe(false);
  });
});

describe('an event', () => {
  beforeAll(open);
  afterAll(close);

  it('that takes our access away is logged for somebody to act', async () => {
    await harness.slack.sendEvent({ type: 'app_uninstalled' });
    const line = harness.log.find(({ level }) => level === 'error');
    expect(line?.message).toContain('install the app again');
  });

  it('is acknowledged at once, whatever it is', async () => {
    const { status } = await harness.slack.sendEvent({ type: 'team_join', user: { id: 'U1' } });
    expect(status).toBe(200);
  });

  it('and everything else is answered with "not ready" once the bot has stopped', async () => {
    await harness.bot.stop();
    expect((await fetch(harness.url, { method: 'POST' })).status).toBe(503);
  });
});
