import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertNotice, FindingEvent } from '../../src/domain/index.ts';
import {
  createAlertmanager,
  createWebhook,
  WebhookMessage,
  webhookSecretProblem,
} from '../../src/notify/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';
import { type Listening, listenForPosts } from '../support/listener.ts';
import { FINDING } from './samples.ts';

const secretOf = (seed: string) => `whsec_${Buffer.from(seed.repeat(32)).toString('base64')}`;
const [OLD, NEW] = [secretOf('a'), secretOf('b')];
const NOW = '2026-11-23T11:00:30.500Z';
const HANDLING = { acknowledged: null, mute: null, run: null, runAsked: null, escalated: null, held: null };
const EVENT: FindingEvent = {
  id: 7,
  kind: 'muted',
  at: '2026-11-23T11:00:00.000Z',
  person: 'mira',
  until: '2026-11-23T13:00:00.000Z',
  reason: 'the rollback is under way',
};
const NOTICE: AlertNotice = {
  alert: {
    id: 17,
    finding: FINDING,
    state: 'firing',
    firedAt: EVENT.at,
    resolvedAt: null,
    handling: HANDLING,
  },
  owner: 'risk',
  event: EVENT,
};

let hook: Listening;
beforeAll(async () => {
  hook = await listenForPosts();
});
beforeEach(() => {
  hook.heard.length = 0;
  hook.status = 200;
});
afterAll(() => hook[Symbol.asyncDispose]());

function open(addresses: readonly string[] = ['127.0.0.1'], whole = 10_000) {
  const outbound = createOutbound({ hosts: [new URL(hook.url).origin], addresses, ca: null }, { whole });
  const findingUrl = (id: number) => `https://governance.example/api/v1/findings/${id}`;
  return createWebhook({ name: 'siem', url: hook.url, secrets: [OLD, NEW], findingUrl, send: outbound.send });
}

describe('a webhook', () => {
  it('is told a step in the documented form, signed by both secrets as Standard Webhooks says', async () => {
    const webhook = open();
    expect(await webhook.send([NOTICE], NOW)).toBe('taken');
    expect(await webhook.send([NOTICE], NOW)).toBe('taken');
    const [first, again] = hook.heard;
    const {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    } = first?.headers ?? {};
    const expected = ['a', 'b'].map((seed) => {
      const mac = createHmac('sha256', seed.repeat(32)).update(`${id}.${timestamp}.${first?.body}`);
      return `v1,${mac.digest('base64')}`;
    });
    expect(signature).toBe(expected.join(' '));
    expect(timestamp).toBe(String(Date.parse('2026-11-23T11:00:30.000Z') / 1000));
    expect(again?.headers['webhook-id'], 'the same step has the same id').toBe(id);
    const message = WebhookMessage.parse(JSON.parse(first?.body ?? ''));
    expect(message).toMatchObject({
      type: 'finding.muted',
      version: 1,
      data: { step: { by: 'mira' }, finding: { id: 17, owner: 'risk', state: 'firing' } },
    });
    expect(first?.body, 'what people wrote must stay erasable').not.toContain('rollback');
  });

  it('is told that a finding comes and goes, and since when; so is an Alertmanager', async () => {
    const since = '2026-11-23T10:20:00.000Z';
    const flapping = { since, quietSince: null };
    const notice = (finding: typeof FINDING) => ({ ...NOTICE, alert: { ...NOTICE.alert, finding } });
    const { send } = createOutbound({
      ...{ hosts: [new URL(hook.url).origin], addresses: ['127.0.0.1'], ca: null },
    });
    const alertmanager = createAlertmanager({
      ...{ name: 'ops', url: hook.url, authorization: null, resendEvery: 60_000 },
      findingUrl: () => null,
      send,
    });
    for (const receiver of [open(), alertmanager])
      for (const finding of [{ ...FINDING, flapping }, FINDING]) await receiver.send([notice(finding)], NOW);
    const bodies = hook.heard.map(({ body }) => JSON.parse(body));
    expect(bodies.slice(0, 2).map(({ data }) => data.finding.flappingSince)).toEqual([since, null]);
    expect(bodies.slice(2).map(([alert]) => alert.annotations.flapping_since)).toEqual([since, undefined]);
  });

  it('says by 410 that it wants nothing any more, and by any other status that it did not take it', async () => {
    hook.status = 410;
    expect(await open().send([NOTICE], NOW)).toBe('gone');
    const codes = { unavailable: [301, 307, 401, 404, 429, 500], invalid_input: [400, 403, 413, 422] };
    for (const [code, statuses] of Object.entries(codes))
      for (hook.status of statuses)
        await expect(open().send([NOTICE], NOW)).rejects.toMatchObject({
          code,
          message: expect.stringContaining(`answered with the status ${hook.status}`),
        });
    expect(hook.heard, 'no redirect is followed').toHaveLength(11);
  });

  it('that does not answer is given up in time', async () => {
    hook.status = null;
    await expect(open(['127.0.0.1'], 50).send([NOTICE], NOW)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('on an address that nobody allowed is not connected to', async () => {
    await expect(open([]).send([NOTICE], NOW)).rejects.toMatchObject({ code: 'forbidden' });
    expect(hook.heard).toEqual([]);
  });
});

it.each([
  '',
  'hunter2',
  'whsec_',
  'whsec_YWJj',
  `whsec_${'!'.repeat(40)}`,
  secretOf('ab').replace('whsec_', ''),
])('the secret %j is refused without being told', (secret) => {
  const problem = webhookSecretProblem(secret);
  expect(problem).toContain('expected whsec_');
  if (secret.length > 6) expect(problem).not.toContain(secret);
});
