import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/index.ts';
import { CountersignError, digestOf } from '../../src/domain/index.ts';
import { openDatabase } from '../../src/storage/index.ts';
import { listenWith } from './listening.ts';
import { type LogLine, NO_BOT, type OpenApi, openApi, problemOf, requestOf } from './open-api.ts';

let open: OpenApi;

beforeAll(async () => {
  open = await openApi();
});
afterAll(() => open[Symbol.asyncDispose]());

const SETTINGS = { environments: ['production'], uploadLimit: 1000 };

/** The API with parts of its context replaced. */
function apiWith(parts: Partial<OpenApi['governance']['context']>, log: LogLine[] = []) {
  const note =
    (level: LogLine['level']) =>
    (message: string, fields = {}) =>
      void log.push({ level, message, fields });
  return createApi({
    context: { ...open.governance.context, ...NO_BOT, ...parts },
    links: null,
    settings: SETTINGS,
    metrics: () => null,
    readiness: async () => ({ database: 'refused the connection', queue: 'ok' }),
    logger: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
  });
}

describe('a problem', () => {
  it('has the members of RFC 9457 and an instance that the log knows', async () => {
    const response = await open.ask('/api/v1/runs/none');
    const problem = await problemOf(response);
    expect(problem).toEqual({
      type: 'urn:countersign:problem:not_found',
      title: 'There is no such thing',
      status: 404,
      detail: 'there is no run none',
      code: 'not_found',
      instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
      problems: [],
    });
    expect(open.log.at(-1)).toMatchObject({
      level: 'info',
      fields: { instance: problem.instance, code: 'not_found', method: 'GET', path: '/api/v1/runs/none' },
    });
  });

  it('tells of unexpected errors nothing but where to look', async () => {
    const log: LogLine[] = [];
    const blobs = {
      ...open.governance.context.blobs,
      has: async () => {
        throw new Error('select secret from vault at /srv/internal.ts');
      },
    };
    const authorization = `Bearer ${await open.token(['submit'])}`;
    const response = await apiWith({ blobs }, log).fetch(
      requestOf(`/api/v1/blobs/${digestOf('x')}`, { method: 'PUT', body: 'x', headers: { authorization } }),
    );
    expect(response.status).toBe(500);
    const problem = await problemOf(response);
    expect(JSON.stringify(problem)).not.toMatch(/vault|internal\.ts/);
    expect(log).toMatchObject([
      { level: 'error', fields: { instance: problem.instance, error: expect.any(Error) } },
    ]);
  });

  it('of ours that is internal says no more', async () => {
    const blobs = {
      ...open.governance.context.blobs,
      has: async () => {
        throw new CountersignError('internal', 'the worker key file is /srv/keys');
      },
    };
    const headers = { authorization: `Bearer ${await open.token(['submit'])}` };
    const response = await apiWith({ blobs }).fetch(
      requestOf(`/api/v1/blobs/${digestOf('x')}`, { method: 'PUT', body: 'x', headers }),
    );
    expect(JSON.stringify(await problemOf(response))).not.toContain('/srv/keys');
  });

  it('is 503 with Retry-After while the database is away, and the gate stays closed', async () => {
    const db = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const response = await apiWith({ db }).fetch(
      requestOf(`/api/v1/gate?digest=${digestOf('x')}`, { headers: { authorization: 'Bearer cs_x' } }),
    );
    await db.destroy();
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable', allowed: false });
  });
});

describe('addresses', () => {
  it('without a route are 404', async () => {
    for (const path of ['/api/v2/runs', '/api/v1/run', '/api/v1/runs/', '/.env', '/metrics/x'])
      expect((await problemOf(await open.ask(path))).code).toBe('not_found');
  });

  it.each([
    ['DELETE', '/api/v1/runs', 'GET, HEAD, POST'],
    ['POST', '/api/v1/gate', 'GET, HEAD'],
    ['PATCH', '/api/v1/runs/some-id', 'GET, HEAD'],
    ['POST', `/api/v1/blobs/${digestOf('x')}`, 'HEAD, PATCH, PUT'],
    ['PUT', '/livez', 'GET, HEAD'],
  ])('with other methods than %s %s are 405 and name them', async (method, path, allowed) => {
    const response = await open.ask(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
    expect((await problemOf(response)).code).toBe('method_not_allowed');
  });

  it('that are no addresses are refused by the listener', async () => {
    await using server = await listenWith(open.api);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /api\\v1\\runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 400 [\s\S]*application\/problem\+json[\s\S]*invalid_input/);
  });
});

describe('health', () => {
  it('is live without a database, and names what is not ready', async () => {
    const api = apiWith({});
    expect(await (await api.fetch(requestOf('/livez'))).json()).toEqual({ status: 'alive' });
    const response = await api.fetch(requestOf('/readyz'));
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not_ready',
      dependencies: { database: 'refused the connection', queue: 'ok' },
    });
    expect((await open.ask('/readyz')).status).toBe(200);
  });

  it('shows metrics as they come, and says so where there are none', async () => {
    const contentType = 'text/plain; version=0.0.4; charset=utf-8';
    open.health.metrics = { contentType, body: 'governance_record_exists{model_id="a"} 1\n' };
    const response = await open.api.fetch(requestOf('/metrics'));
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(await response.text()).toBe(open.health.metrics.body);
    expect((await problemOf(await apiWith({}).fetch(requestOf('/metrics')))).status).toBe(404);
  });

  it('is all that a process without the API surface serves', async () => {
    const api = createApi({
      context: null,
      links: null,
      settings: SETTINGS,
      metrics: () => null,
      readiness: async () => ({}),
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    expect((await api.fetch(requestOf('/livez'))).status).toBe(200);
    expect((await api.fetch(requestOf('/readyz'))).status).toBe(200);
    expect((await api.fetch(requestOf('/api/v1/runs'))).status).toBe(404);
  });
});
