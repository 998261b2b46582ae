import { createRoute, z } from '@hono/zod-openapi';
import { currentDeployments, findingsOnPage, inventorySources } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { presentDeployment, presentFinding } from '../present.ts';
import { requireScope } from '../request/bearer.ts';
import { DeploymentListBody, FindingId, FindingListBody } from '../schema/monitoring.ts';
import { Limit, ModelIdText } from '../schema/names.ts';
import { SourceListBody } from '../schema/source.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const deploymentsRoute = createRoute({
  method: 'get',
  path: '/api/v1/deployments',
  operationId: 'listDeployments',
  tags: ['monitoring'],
  summary: 'List deployments',
  description: 'What the monitor saw serving at its last tick, how it knows, and what the judge said of it.',
  security: bearer('read'),
  request: { query: z.strictObject({ model_id: ModelIdText.optional() }) },
  responses: {
    200: json('The deployments.', DeploymentListBody),
    ...problems('invalid_input', ...TOKEN_PROBLEMS),
  },
});

const findingsRoute = createRoute({
  method: 'get',
  path: '/api/v1/findings',
  operationId: 'listFindings',
  tags: ['monitoring'],
  summary: 'List findings',
  description: 'Discrepancies between what is deployed and what was governed, newest first.',
  security: bearer('read'),
  request: {
    query: z.strictObject({
      state: z.enum(['firing', 'resolved']).optional(),
      model_id: ModelIdText.optional(),
      after: FindingId.optional().meta({ description: 'The `next` of the page before.' }),
      limit: Limit,
    }),
  },
  responses: { 200: json('The findings.', FindingListBody), ...problems('invalid_input', ...TOKEN_PROBLEMS) },
});

const sourcesRoute = createRoute({
  method: 'get',
  path: '/api/v1/sources',
  operationId: 'listSources',
  tags: ['monitoring'],
  summary: 'List inventory sources',
  description: 'Where the monitor looks for deployments, and how fresh what each shows is.',
  security: bearer('read'),
  responses: { 200: json('The sources.', SourceListBody), ...problems(...TOKEN_PROBLEMS) },
});

/** What the monitor saw. */
export function addMonitoringRoutes(app: ApiApp, deps: RouteDependencies): void {
  const middleware = requireScope(deps, 'read');
  app.openapi({ ...sourcesRoute, middleware }, async (c) =>
    c.json({ sources: await inventorySources(deps.context) }, 200),
  );
  app.openapi({ ...deploymentsRoute, middleware }, async (c) => {
    const { model_id: modelId } = c.req.valid('query');
    const rows = await currentDeployments(deps.context, modelId === undefined ? {} : { modelId });
    return c.json({ deployments: rows.map(presentDeployment) }, 200);
  });
  app.openapi({ ...findingsRoute, middleware }, async (c) => {
    const { state, model_id: modelId, after, limit } = c.req.valid('query');
    const filter = {
      limit,
      ...(state === undefined ? {} : { state }),
      ...(modelId === undefined ? {} : { modelId }),
      ...(after === undefined ? {} : { after }),
    };
    const { findings, next } = await findingsOnPage(deps.context, filter);
    return c.json({ findings: findings.map(presentFinding), next }, 200);
  });
}
