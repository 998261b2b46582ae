import { createRoute, z } from '@hono/zod-openapi';
import { CountersignError } from '../../domain/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { HttpRefusal } from '../problem.ts';
import { requireScope } from '../request/bearer.ts';
import { refuseEncoding } from '../request/json-body.ts';
import { DigestText } from '../schema/names.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const PATH = '/api/v1/blobs/{digest}';
const params = z.object({ digest: DigestText });
/** Bytes in the store. */
export const StoredBlob = z
  .object({
    digest: DigestText,
    bytes: z.int().openapi({ description: 'Size in bytes.', example: 1_048_576 }),
  })
  .openapi('StoredBlob');

const putRoute = createRoute({
  method: 'put',
  path: PATH,
  operationId: 'putBlob',
  tags: ['submission'],
  summary: 'Upload bytes',
  description:
    'Stores an artifact or evidence under its digest, in flat memory whatever its size. The server hashes what it gets and stores nothing when that is not what was announced. Bytes that are there already are not read again.',
  security: bearer('submit'),
  request: {
    params,
    body: {
      required: true,
      description: 'The bytes as they are, without Content-Encoding.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
  },
  responses: {
    200: json('The bytes were there already.', StoredBlob),
    201: json('The bytes are stored.', StoredBlob),
    ...problems('invalid_input', 'digest_mismatch', 'too_large', 'unsupported_media_type', ...TOKEN_PROBLEMS),
  },
});

const headRoute = createRoute({
  method: 'head',
  path: PATH,
  operationId: 'hasBlob',
  tags: ['submission'],
  summary: 'Ask whether bytes are there',
  description: 'Answers without a body, so that a client uploads only what the server lacks.',
  security: bearer('submit'),
  request: { params },
  responses: {
    200: { description: 'The bytes are there.' },
    404: {
      description:
        'The bytes are not there. The header `Upload-Offset` says how many have come of an upload in pieces.',
    },
    ...problems('invalid_input', ...TOKEN_PROBLEMS),
  },
});

/** Uploads: content-addressed, so that a repeat changes nothing. */
export function addBlobRoutes(app: ApiApp, deps: RouteDependencies): void {
  const { blobs } = deps.context;
  const middleware = requireScope(deps, 'submit');
  app.openapi({ ...putRoute, middleware }, async (c) => {
    const { digest } = c.req.valid('param');
    refuseEncoding(c);
    const limit = deps.settings.uploadLimit;
    refuseSize(c.req.header('content-length'), limit);
    const present = await blobs.has(digest);
    const { bytes } = await blobs.put(digest, c.req.raw.body ?? NOTHING, limit);
    return c.json({ digest, bytes }, present ? 200 : 201);
  });
  app.openAPIRegistry.registerPath(headRoute);
  // Hono answers HEAD with the GET route of a path, and there is no other GET here.
  app.openapi({ ...headRoute, method: 'get', middleware, hide: true }, async (c) => {
    if (c.req.method !== 'HEAD')
      throw new HttpRefusal('method_not_allowed', 'bytes cannot be read here', { Allow: 'HEAD, PATCH, PUT' });
    const { digest } = c.req.valid('param');
    if (await blobs.has(digest)) return c.body(null, 200);
    const begun = await blobs.begun({ digest, owner: c.var.caller.principal.subject });
    return c.body(null, 404, { 'Upload-Offset': `${begun}` });
  });
}

const NOTHING: AsyncIterable<Uint8Array> = (async function* nothing() {})();

function refuseSize(announced: string | undefined, limit: number): void {
  if (Number(announced ?? 0) > limit)
    throw new CountersignError(
      'too_large',
      `an upload may have ${limit} bytes at most, this one has ${announced}`,
    );
}
