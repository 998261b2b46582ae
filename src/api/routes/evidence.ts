import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import { evidenceOf } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { RunId } from '../schema/names.ts';
import { bearer, problems, TOKEN_PROBLEMS } from './answers.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/runs/{id}/evidence/{name}',
  operationId: 'readEvidence',
  tags: ['submission'],
  summary: 'Read evidence',
  description:
    'The bytes that a run was submitted with under this name, with their digest as the ETag. Artifacts cannot be read.',
  security: bearer('read'),
  request: {
    params: z.object({
      id: RunId,
      name: z
        .string()
        .regex(/^[a-z0-9_.]{1,128}$/, 'expected the name of a piece of evidence')
        .openapi({ example: 'model_card' }),
    }),
  },
  responses: {
    200: {
      description: 'The bytes.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    ...problems('invalid_input', 'not_found', ...TOKEN_PROBLEMS),
  },
});

/** Evidence, so that people can look at what the checks looked at. */
export function addEvidenceRoutes(app: ApiApp, deps: RouteDependencies): void {
  app.openapi({ ...route, middleware: requireScope(deps, 'read') }, async (c) => {
    const { id, name } = c.req.valid('param');
    const { path, digest } = await evidenceOf(deps.context, id, name);
    const file = await open(path);
    const { size } = await file.stat();
    const stream = Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
    return c.body(stream, 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(size),
      'Content-Disposition': `attachment; filename="${name}"`,
      ETag: `"${digest}"`,
    });
  });
}
