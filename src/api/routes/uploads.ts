import { createRoute, z } from '@hono/zod-openapi';
import { CountersignError } from '../../domain/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { HttpRefusal } from '../problem.ts';
import { requireScope } from '../request/bearer.ts';
import { refuseEncoding } from '../request/json-body.ts';
import { DigestText } from '../schema/names.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';
import { StoredBlob } from './blobs.ts';

const Bytes = z
  .string()
  .regex(/^\d{1,15}$/, 'expected a whole number of bytes')
  .transform(Number);

const route = createRoute({
  method: 'patch',
  path: '/api/v1/blobs/{digest}',
  operationId: 'continueBlob',
  tags: ['submission'],
  summary: 'Upload bytes in pieces',
  description:
    'Adds a piece to an upload, for files that are too large to send again when a connection breaks. HEAD answers 404 with `Upload-Offset` while an upload is not whole: how much of it has come, where the next piece begins. What breaks off keeps the bytes that came. The last piece has the whole hashed, and stored where it is what was announced. An upload to which nothing is added for a day is forgotten.',
  security: bearer('submit'),
  request: {
    params: z.object({ digest: DigestText }),
    headers: z.object({
      'upload-offset': Bytes.openapi({
        type: 'string',
        description: 'Bytes that have come already.',
        example: '0',
      }),
      'upload-length': Bytes.openapi({
        type: 'string',
        description: 'Bytes of the whole.',
        example: '1048576',
      }),
    }),
    body: {
      required: true,
      description: 'The next bytes as they are, without Content-Encoding; as many as you like.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
  },
  responses: {
    200: json('The bytes were there already.', StoredBlob),
    201: json('That was the last piece: the bytes are stored.', StoredBlob),
    204: { description: 'More is to come, from the offset that the header `Upload-Offset` names.' },
    ...problems(
      'invalid_input',
      'conflict',
      'digest_mismatch',
      'too_large',
      'unsupported_media_type',
      ...TOKEN_PROBLEMS,
    ),
  },
});

/** Uploads that go on where they broke off. */
export function addUploadRoutes(app: ApiApp, deps: RouteDependencies): void {
  const { blobs, clock } = deps.context;
  app.openapi({ ...route, middleware: requireScope(deps, 'submit') }, async (c) => {
    const { digest } = c.req.valid('param');
    const { 'upload-offset': offset, 'upload-length': total } = c.req.valid('header');
    refuseEncoding(c);
    if (total > deps.settings.uploadLimit)
      throw new CountersignError(
        'too_large',
        `an upload may have ${deps.settings.uploadLimit} bytes at most`,
      );
    if (await blobs.has(digest)) return c.json({ digest, bytes: total }, 200);
    if (offset === 0) await blobs.sweep(clock.now());
    const upload = { digest, owner: c.var.caller.principal.subject };
    const piece = { offset, total };
    const result = await blobs.add(upload, piece, c.req.raw.body ?? NOTHING).catch(async (error: unknown) => {
      if (!(error instanceof CountersignError && error.code === 'conflict')) throw error;
      throw new HttpRefusal('conflict', error.message, { 'Upload-Offset': `${await blobs.begun(upload)}` });
    });
    if (result.stored) return c.json({ digest, bytes: total }, 201);
    return c.body(null, 204, { 'Upload-Offset': `${result.offset}` });
  });
}

const NOTHING: AsyncIterable<Uint8Array> = (async function* nothing() {})();
