import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY, later } from '../../src/lib/index.ts';
import { createToken, endToken } from '../../src/services/index.ts';
import { type OpenApi, openApi, problemOf, requestOf } from './open-api.ts';

let open: OpenApi;

beforeAll(async () => {
  open = await openApi();
});
afterAll(() => open[Symbol.asyncDispose]());

const BLOB = `/api/v1/blobs/${digestOf('x')}`;
const READS = [
  '/api/v1/runs',
  '/api/v1/runs/none',
  '/api/v1/runs/none/evidence/model_card',
  `/api/v1/verdicts?digest=${digestOf('x')}`,
  `/api/v1/gate?digest=${digestOf('x')}`,
  '/api/v1/records/fraud-detection/4.1.2',
  '/api/v1/models/fraud-detection',
  '/api/v1/trust-policy',
  '/api/v1/deployments',
  '/api/v1/sources',
  '/api/v1/findings',
];
const WRITES = [
  ['PUT', BLOB],
  ['POST', '/api/v1/runs'],
  ['HEAD', BLOB],
] as const;
const EVERY = [...READS.map((path) => ['GET', path] as const), ...WRITES];

const ask = (method: string, path: string, authorization?: string) =>
  open.api.fetch(requestOf(path, { method, headers: authorization === undefined ? {} : { authorization } }));

describe('without a good token', () => {
  it.each(EVERY)('%s %s is 401, and says how to ask', async (method, path) => {
    const response = await ask(method, path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="countersign"');
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer nonsense',
    'Basic dXNlcjpwYXNz',
    `Bearer ${'x'.repeat(600)}`,
    'Bearer a b',
    'Bearer é',
    "Bearer ' or 1=1 --",
  ])('%j is 401', async (authorization) => {
    const response = await ask('GET', '/api/v1/runs', Buffer.from(authorization).toString('latin1'));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const problem = await problemOf(response);
    expect(problem.code).toBe('unauthenticated');
  });

  it('a revoked token and an expired one are 401, and the answers do not say which', async () => {
    const { context } = open.governance;
    const wish = { subject: 'ci:build', scopes: ['read'] as const, note: '' };
    const revoked = await createToken(context, { ...wish, expiresAt: null });
    expect((await ask('GET', '/api/v1/runs', `Bearer ${revoked.secret}`)).status).toBe(200);
    await endToken(context, revoked.id);
    const expired = await createToken(context, { ...wish, expiresAt: later(context.clock.now(), -DAY) });
    const answers = await Promise.all(
      [revoked.secret, expired.secret, `cs_${randomUUID()}`].map(async (secret) =>
        problemOf(await ask('GET', '/api/v1/runs', `Bearer ${secret}`)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(answers.map(({ detail }) => detail)).size).toBe(1);
  });

  it('reads nothing of the body of a caller without a token', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(Buffer.alloc(++pulled)) },
      { highWaterMark: 0 },
    );
    const response = await open.api.fetch(requestOf(BLOB, { method: 'PUT', body }));
    expect([response.status, pulled]).toEqual([401, 0]);
  });
});

describe('with a token of the other scope', () => {
  it.each(READS)('GET %s is 403 and names the scope "read"', async (path) => {
    const response = await ask('GET', path, `Bearer ${await open.token(['submit', 'admin'])}`);
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="read"');
    expect((await problemOf(response)).detail).toContain('"read"');
  });

  it.each(WRITES)('%s %s is 403 and names the scope "submit"', async (method, path) => {
    const response = await ask(method, path, `Bearer ${await open.token(['read', 'admin'])}`);
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('scope="submit"');
  });
});

describe('without any token', () => {
  it.each(['/', '/livez', '/readyz', '/metrics', '/openapi.json'])('%s answers', async (path) => {
    expect((await ask('GET', path)).status).toBe(200);
  });

  it('the scheme of the header is read in any case', async () => {
    expect((await ask('GET', '/api/v1/runs', `bearer ${await open.token(['read'])}`)).status).toBe(200);
  });

  it('no secret reaches the log', async () => {
    const secret = await open.token([]);
    await ask('GET', '/api/v1/runs', `Bearer ${secret}`);
    await ask('GET', '/api/v1/runs', 'Bearer cs_leaked');
    expect(JSON.stringify(open.log)).not.toContain(secret);
    expect(JSON.stringify(open.log)).not.toContain('cs_leaked');
  });
});
