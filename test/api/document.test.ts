import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi, requestOf } from './open-api.ts';

let open: OpenApi;
let document: Document;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security?: readonly Record<string, string[]>[];
  readonly responses: Readonly<Record<string, { description: string; content?: Record<string, unknown> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

beforeAll(async () => {
  open = await openApi();
  document = (await (await open.api.fetch(requestOf('/openapi.json'))).json()) as Document;
});
afterAll(() => open[Symbol.asyncDispose]());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

/** The scopes that may change something at a path. */
function changing(path: string, method: string): string[] {
  if (path === '/api/v1/reruns') return ['admin'];
  if (path.startsWith('/api/v1/deployments'))
    return ['deployments', ...(method === 'delete' ? ['admin'] : [])];
  return [/^\/api\/v1\/(approvals|overrides|findings)/.test(path) ? 'decide' : 'submit'];
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and describes every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(
      operations()
        .map(({ path, method }) => `${method} ${path}`)
        .sort(),
    ).toEqual([
      'delete /api/v1/deployments/{environment}/{deployment}',
      'get /',
      'get /api/v1/approvals',
      'get /api/v1/approvals/{id}',
      'get /api/v1/deployments',
      'get /api/v1/fetches/{id}',
      'get /api/v1/findings',
      'get /api/v1/findings/{id}',
      'get /api/v1/gate',
      'get /api/v1/models/{model_id}',
      'get /api/v1/models/{model_id}/history',
      'get /api/v1/overrides',
      'get /api/v1/records/{model_id}/{model_version}',
      'get /api/v1/runs',
      'get /api/v1/runs/{id}',
      'get /api/v1/runs/{id}/evidence/{name}',
      'get /api/v1/sources',
      'get /api/v1/trust-policy',
      'get /api/v1/verdicts',
      'get /checkpoint',
      'get /livez',
      'get /metrics',
      'get /openapi.json',
      'get /readyz',
      'get /runs/{id}',
      'get /tile/{level}/{tile}',
      'head /api/v1/blobs/{digest}',
      'patch /api/v1/blobs/{digest}',
      'post /api/v1/approvals/{id}/decisions',
      'post /api/v1/approvals/{id}/withdrawal',
      'post /api/v1/deployments',
      'post /api/v1/fetches',
      'post /api/v1/findings/{id}/handling',
      'post /api/v1/models/{model_id}/versions/{model_version}/current-inputs',
      'post /api/v1/models/{model_id}/versions/{model_version}/renewals',
      'post /api/v1/overrides/{id}/documentation',
      'post /api/v1/reruns',
      'post /api/v1/runs',
      'put /api/v1/blobs/{digest}',
    ]);
  });

  it('gives every route words, a name of its own, a scope and its errors', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of operations()) {
      expect(operation.summary, path).toBeTruthy();
      expect(operation.description, path).toBeTruthy();
      if (!path.startsWith('/api/')) continue;
      const isOfApprovals = /^\/api\/v1\/(approvals|overrides)/.test(path);
      const scopes =
        method === 'get' ? ['read', ...(isOfApprovals ? ['decide'] : [])] : changing(path, method);
      expect(operation.security, path).toEqual(scopes.map((scope) => ({ bearer: [scope] })));
      for (const status of ['401', '403', '500', '503'])
        expect(operation.responses[status]?.content, path).toHaveProperty('application/problem+json');
    }
  });

  it('refers only to what it holds', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(refs.length).toBeGreaterThan(20);
    for (const [, kind = '', name = ''] of refs) expect(document.components[kind]).toHaveProperty(name);
    expect(JSON.stringify(document).match(/"\$ref":/g)).toHaveLength(refs.length);
  });

  it('has the schemas of submissions and problems with examples', () => {
    const schemas = document.components['schemas'] ?? {};
    expect(schemas['Submission']).toMatchObject({
      required: expect.arrayContaining(['modelId', 'artifact']),
    });
    expect(schemas['Problem']).toHaveProperty('example');
    expect(document.paths['/api/v1/runs']?.['post']).toMatchObject({
      requestBody: { content: { 'application/json': { example: { modelId: 'fraud-detection' } } } },
    });
  });
});

describe('the index page', () => {
  it('lists every route and links to the document', async () => {
    const page = await (await open.api.fetch(requestOf('/'))).text();
    for (const { path } of operations()) expect(page).toContain(path);
    expect(page).toContain('href="/openapi.json"');
    expect(page).toMatch(
      /<html lang="en">[\s\S]*<title>[\s\S]*<main>[\s\S]*<h1>[\s\S]*<caption>[\s\S]*<th scope="col">/,
    );
  });

  it('allows itself its one style sheet and nothing else', async () => {
    const response = await open.api.fetch(requestOf('/'));
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; /);
    const style = /<style>([\s\S]*)<\/style>/.exec(await response.text())?.[1] ?? '';
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(style));
    expect(policy).toContain(`'sha256-${Buffer.from(digest).toString('base64')}'`);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
  });
});
