import { createRoute, z } from '@hono/zod-openapi';
import { modelStatus, statusAt } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { presentModel, presentStatusAt } from '../present.ts';
import { requireScope } from '../request/bearer.ts';
import { ModelStatusBody, StatusAtBody } from '../schema/monitoring.ts';
import { environmentQuery, ModelIdText, MomentText, VersionText } from '../schema/names.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const route = ({ settings }: RouteDependencies) =>
  createRoute({
    method: 'get',
    path: '/api/v1/models/{model_id}',
    operationId: 'modelStatus',
    tags: ['governance'],
    summary: 'Show how a model stands',
    description:
      'The newest versions of a model, or the one asked for: verdicts, deployments, and findings that are firing.',
    security: bearer('read'),
    request: {
      params: z.object({ model_id: ModelIdText }),
      query: z.strictObject({
        model_version: VersionText.optional(),
        environment: environmentQuery(settings.environments),
      }),
    },
    responses: {
      200: json('How it stands.', ModelStatusBody),
      ...problems('invalid_input', 'not_found', ...TOKEN_PROBLEMS),
    },
  });

const historyRoute = createRoute({
  method: 'get',
  path: '/api/v1/models/{model_id}/history',
  operationId: 'modelStatusAt',
  tags: ['governance'],
  summary: 'Show how a model stood at a time',
  description:
    'What the monitor saw deployed then, since when and until when, and the verdict on it as of then: on what the ledger had recorded by then, by the keys, pipelines and revocations that are trusted today.',
  security: bearer('read'),
  request: {
    params: z.object({ model_id: ModelIdText }),
    query: z.strictObject({ at: MomentText, model_version: VersionText.optional() }),
  },
  responses: {
    200: json('How it stood.', StatusAtBody),
    ...problems('invalid_input', ...TOKEN_PROBLEMS),
  },
});

/** Models by their name. */
export function addModelRoutes(app: ApiApp, deps: RouteDependencies): void {
  app.openapi({ ...route(deps), middleware: requireScope(deps, 'read') }, async (c) => {
    const { model_version: modelVersion, environment } = c.req.valid('query');
    const modelId = c.req.valid('param').model_id;
    const query = { modelId, environment, ...(modelVersion === undefined ? {} : { modelVersion }) };
    return c.json(presentModel(await modelStatus(deps.context, query)), 200);
  });
  app.openapi({ ...historyRoute, middleware: requireScope(deps, 'read') }, async (c) => {
    const { at, model_version: modelVersion } = c.req.valid('query');
    const modelId = c.req.valid('param').model_id;
    const query = { modelId, at, ...(modelVersion === undefined ? {} : { modelVersion }) };
    return c.json(presentStatusAt(await statusAt(deps.context, query)), 200);
  });
}
