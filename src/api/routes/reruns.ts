import { createRoute } from '@hono/zod-openapi';
import { RerunWish, rerunCheck } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import { RerunReportBody } from '../schema/rerun.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const EXAMPLE = { check: 'pii_handling_verified', since: '2026-11-22T00:00:00.000Z' };

const rerunRoute = createRoute({
  method: 'post',
  path: '/api/v1/reruns',
  operationId: 'rerunCheck',
  tags: ['submission'],
  summary: 'Run again what relied on a check',
  description:
    'Queues again, as new attempts with the same artifact and evidence, the runs on which model versions rest and which used a check from a time on. Submitter and authors stay who they were; whom the token speaks for is recorded beside. What stands goes on standing until the new run is decided. Asked again, it queues nothing more, unless the check has another version.',
  security: bearer('admin'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/RerunWish' }, example: EXAMPLE },
      },
    },
  },
  responses: {
    200: json('What is queued, and what is not.', RerunReportBody),
    ...problems('invalid_input', 'not_found', 'too_large', 'unsupported_media_type', ...TOKEN_PROBLEMS),
  },
});

/** Running again what relied on a check that was wrong. */
export function addRerunRoutes(app: ApiApp, deps: RouteDependencies): void {
  app.openAPIRegistry.register('RerunWish', RerunWish.meta({ description: 'What is to be run again.' }));
  app.openapi({ ...rerunRoute, middleware: requireScope(deps, 'admin') }, async (c) => {
    const wish = await readJson(c, RerunWish);
    return c.json(await rerunCheck(deps.context, wish, c.var.caller.principal), 200);
  });
}
