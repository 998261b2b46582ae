import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { SECOND } from '../../src/lib/index.ts';
import { createLead, type Lead, reconcile, reportedDeployments } from '../../src/services/index.ts';
import { listFindings } from '../../src/storage/index.ts';
import { type OpenApi, openApi, problemOf } from './open-api.ts';

let open: OpenApi;
let serving: string;
let lead: Lead;
beforeAll(async () => {
  open = await openApi();
  serving = await open.token(['deployments'], 'ci:serving');
  lead = createLead(open.governance.context);
});
afterAll(async () => {
  await lead.release();
  await open[Symbol.asyncDispose]();
});

const BYTES = digestOf('weights');
const REPORT = {
  deployment: 'fraud-eu',
  environment: 'production',
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  digest: BYTES,
};

const send = (method: string, path: string, body?: unknown, token = serving) =>
  open.ask(path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const report = (more: object = {}, token = serving) =>
  send('POST', '/api/v1/deployments', { ...REPORT, ...more }, token);
const retract = (name: string, token = serving) =>
  send('DELETE', `/api/v1/deployments/production/${name}`, undefined, token);
const tick = () => {
  const { context } = open.governance;
  return reconcile({ ...context, sources: [reportedDeployments(context)] }, lead);
};
const deployments = async () => {
  await tick();
  const answer = (await (await open.ask('/api/v1/deployments')).json()) as { deployments: object[] };
  return answer.deployments;
};

describe('POST /api/v1/deployments', () => {
  it('wants a token with the scope deployments, and says everything that is wrong with a report', async () => {
    expect((await report({}, await open.token(['read', 'submit', 'admin']))).status).toBe(403);
    const refused = await report({
      deployment: '../../etc',
      environment: 'prod uction',
      modelVersion: 'v1',
      digest: BYTES.toUpperCase(),
      ttlSeconds: 1,
      colour: 'red',
    });
    expect(refused.status).toBe(400);
    expect((await problemOf(refused)).problems.map(({ where }) => where).sort()).toEqual([
      'body colour',
      'body deployment',
      'body digest',
      'body environment',
      'body modelVersion',
      'body ttlSeconds',
    ]);
  });

  it('shows processes of a deployment as one, whose replicas add up, known by report', async () => {
    const { clock } = open.governance;
    const taken = await report({ instance: 'a', ttlSeconds: 60 });
    expect(taken.status).toBe(200);
    expect(await taken.json()).toEqual({
      expiresAt: new Date(Date.parse(clock.now()) + 60_000).toISOString(),
    });
    await report({ instance: 'b', replicas: 2, ttlSeconds: 60 });
    expect(await deployments()).toMatchObject([
      {
        key: 'reports/production/fraud-eu',
        digest: BYTES,
        confidence: 'reported',
        how: 'reported by 2 processes themselves, with a token of ci:serving',
        replicas: 3,
        status: 'ungoverned',
        observedAt: clock.now(),
        staleSince: null,
      },
    ]);
  });

  it('shows a process that serves other bytes beside those that stood longer', async () => {
    open.governance.clock.advance(SECOND);
    await report({ instance: 'c', digest: digestOf('tampered'), ttlSeconds: 60 });
    await report({ instance: 'a', ttlSeconds: 60 });
    await report({ instance: 'b', digest: null, ttlSeconds: 60 });
    const beside = expect.stringMatching(/^fraud-eu~[0-9a-f]{12}$/);
    const [first, ...others] = await deployments();
    expect(first).toMatchObject({ deployment: 'fraud-eu', digest: BYTES, replicas: 1 });
    expect(others).toHaveLength(2);
    expect(others).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ deployment: beside, digest: digestOf('tampered'), confidence: 'reported' }),
        expect.objectContaining({ deployment: beside, digest: null, confidence: 'unknown' }),
      ]),
    );
  });

  it('makes a deployment stale when its last report is over: neither gone nor fresh', async () => {
    const { clock } = open.governance;
    clock.advance(60 * SECOND);
    await report({ instance: 'a', ttlSeconds: 60 });
    expect(await deployments()).toMatchObject([{ deployment: 'fraud-eu', replicas: 1, staleSince: null }]);
    const last = clock.now();
    clock.advance(60 * SECOND);
    expect(await deployments()).toMatchObject([{ observedAt: last, staleSince: clock.now() }]);
    const [stale] = await listFindings(open.database.db, { state: 'firing', modelId: '*' });
    expect(stale?.finding.summary).toBe(
      `the inventory source reports shows only a part: production/fraud-eu reported itself last at ${last}`,
    );
    const sources = (await (await open.ask('/api/v1/sources')).json()) as object;
    expect(sources).toEqual({
      sources: [
        {
          ...{
            name: 'reports',
            lookedAt: clock.now(),
            seenAt: last,
            failingSince: clock.now(),
            deployments: 0,
          },
          problem: `shows only a part: production/fraud-eu reported itself last at ${last}`,
        },
      ],
    });
    await report({ instance: 'd' });
    expect(await deployments()).toMatchObject([{ replicas: 1, staleSince: null }]);
  });

  it('keeps no token and no secret of it', async () => {
    expect(JSON.stringify([await deployments(), open.log])).not.toContain(serving);
  });
});

describe('DELETE /api/v1/deployments/{environment}/{deployment}', () => {
  it('takes back what the same subject reported, and nobody else’s unless as an administrator', async () => {
    const other = await open.token(['deployments'], 'ci:other');
    const refused = await retract('fraud-eu', other);
    expect(refused.status).toBe(404);
    expect((await problemOf(refused)).detail).toBe('nothing of yours is reported of production/fraud-eu');
    await report({ deployment: 'fraud-us' }, other);
    expect((await retract('fraud-us', await open.token(['admin']))).status).toBe(204);
    expect((await retract('fraud-eu?instance=a')).status).toBe(404);
    expect((await retract('fraud-eu?instance=d')).status).toBe(204);
    expect(await deployments()).toEqual([]);
    expect(await listFindings(open.database.db, { state: 'firing' })).toEqual([]);
  });
});
