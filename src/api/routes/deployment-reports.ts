import { createRoute, z } from '@hono/zod-openapi';
import { DeploymentReport, reportDeployment, retractReports } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import { DeploymentNameText, ReportReceiptBody } from '../schema/monitoring.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const PATH = '/api/v1/deployments';
const EXAMPLE = {
  deployment: 'fraud-eu',
  environment: 'production',
  instance: 'fraud-eu-7d9c5b6f4-x2x7k',
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  digest: `sha256:${'2f'.repeat(32)}`,
  ttlSeconds: 120,
};

const reportRoute = createRoute({
  method: 'post',
  path: PATH,
  operationId: 'reportDeployment',
  tags: ['monitoring'],
  summary: 'Report a serving process',
  description:
    'What a process that serves a model says of itself; the monitor takes it up at its next tick, under the source `reports`, with the confidence `reported`. Each process repeats it before the time is up: a deployment of which no process does is stale, and `source_stale` fires. Processes of a deployment that serve different things are shown as a deployment each.',
  security: bearer('deployments'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/DeploymentReport' }, example: EXAMPLE },
      },
    },
  },
  responses: {
    200: json('The report was taken.', ReportReceiptBody),
    ...problems('invalid_input', 'conflict', 'too_large', 'unsupported_media_type', ...TOKEN_PROBLEMS),
  },
});

const retractRoute = createRoute({
  method: 'delete',
  path: `${PATH}/{environment}/{deployment}`,
  operationId: 'retractDeployment',
  tags: ['monitoring'],
  summary: 'Take a report back',
  description:
    'A process, or with no `instance` the whole deployment, stopped serving: what was reported of it with the same subject is forgotten. A token with the scope `admin` takes back what anybody reported.',
  security: bearer('deployments', 'admin'),
  request: {
    params: z.object({ environment: DeploymentNameText, deployment: DeploymentNameText }),
    query: z.strictObject({ instance: DeploymentNameText.optional() }),
  },
  responses: {
    204: { description: 'It is forgotten.' },
    ...problems('invalid_input', 'not_found', ...TOKEN_PROBLEMS),
  },
});

/** What serving processes say of themselves. */
export function addDeploymentReportRoutes(app: ApiApp, deps: RouteDependencies): void {
  app.openAPIRegistry.register(
    'DeploymentReport',
    DeploymentReport.meta({ description: 'What a process that serves a model says of itself.' }),
  );
  app.openapi({ ...reportRoute, middleware: requireScope(deps, 'deployments') }, async (c) => {
    const report = await readJson(c, DeploymentReport);
    return c.json(await reportDeployment(deps.context, report, c.var.caller.principal.subject), 200);
  });
  app.openapi({ ...retractRoute, middleware: requireScope(deps, 'deployments', 'admin') }, async (c) => {
    const { principal, scopes } = c.var.caller;
    const { instance } = c.req.valid('query');
    await retractReports(deps.context, {
      ...c.req.valid('param'),
      ...(instance === undefined ? {} : { instance }),
      ...(scopes.has('admin') ? {} : { subject: principal.subject }),
    });
    return c.body(null, 204);
  });
}
