import { createRoute, z } from '@hono/zod-openapi';
import { FetchRequest, requestFetch, requireFetch } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import { FetchBody } from '../schema/fetch.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const PATH = '/api/v1/fetches';
const EXAMPLE = { uri: 'https://models.example.org/released/fraud-4.1.2.onnx' };

const requestRoute = createRoute({
  method: 'post',
  path: PATH,
  operationId: 'requestFetch',
  tags: ['submission'],
  summary: 'Have an artifact fetched',
  description:
    'Has the fetcher read an artifact from one of the sources under `fetch.sources`: `https://`, `s3://` (all objects below it where it ends with a slash), `oci://` or `file://`. Follow it, then submit with `"artifact": { "fetch": "<id>" }`. What cannot be had may be submitted all the same where its digest is known; checks that open the artifact are then `insufficient_evidence`.',
  security: bearer('submit'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/FetchRequest' }, example: EXAMPLE },
      },
    },
  },
  responses: {
    202: json('The fetch; the one that is under way where the same was asked for before.', FetchBody),
    ...problems('invalid_input', 'too_large', 'unsupported_media_type', ...TOKEN_PROBLEMS),
  },
});

const showRoute = createRoute({
  method: 'get',
  path: `${PATH}/{id}`,
  operationId: 'showFetch',
  tags: ['submission'],
  summary: 'Show how far a fetch is',
  description: 'A fetch that you asked for.',
  security: bearer('read'),
  request: {
    params: z.object({ id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'expected the id of a fetch') }),
  },
  responses: {
    200: json('The fetch.', FetchBody),
    ...problems('invalid_input', 'not_found', ...TOKEN_PROBLEMS),
  },
});

/** Having artifacts fetched by URI. */
export function addFetchRoutes(app: ApiApp, deps: RouteDependencies): void {
  app.openAPIRegistry.register('FetchRequest', FetchRequest.meta({ description: 'What is to be fetched.' }));
  app.openapi({ ...requestRoute, middleware: requireScope(deps, 'submit') }, async (c) => {
    const request = await readJson(c, FetchRequest);
    return c.json(present(await requestFetch(deps.context, request, c.var.caller.principal)), 202);
  });
  app.openapi({ ...showRoute, middleware: requireScope(deps, 'read') }, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(present(await requireFetch(deps.context, id, c.var.caller.principal)), 200);
  });
}

function present({
  askedBy: _askedBy,
  ...fetch
}: Awaited<ReturnType<typeof requireFetch>>): z.infer<typeof FetchBody> {
  return fetch;
}
