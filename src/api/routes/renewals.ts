import { createRoute, z } from '@hono/zod-openapi';
import { Digest } from '../../domain/index.ts';
import { InputReportWish, reportInputs, startRenewal } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import { ModelIdText, VersionText } from '../schema/names.ts';
import { InputReceiptBody, RenewalBody } from '../schema/renewal.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const PATH = '/api/v1/models/{model_id}/versions/{model_version}';
const params = z.object({ model_id: ModelIdText, model_version: VersionText });
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const REPORT = { code: digest('1'), data: digest('2'), config: digest('3'), pipeline: digest('4') };

/** What is to be renewed. */
const RenewalWish = z.strictObject({
  artifact: Digest.optional().meta({ description: 'Where several artifacts went by the name: which one.' }),
});

const body = (name: string, example: object) => ({
  required: true,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` }, example } },
});

const reportRoute = createRoute({
  method: 'post',
  path: `${PATH}/current-inputs`,
  operationId: 'reportCurrentInputs',
  tags: ['submission'],
  summary: 'Report what a model version would be made from now',
  description:
    'Digests of code, data, configuration and pipeline file as they are now, by the CI that submitted the version. Where all are as they were, the pipeline renews its tier without asking, and its evidence is young enough, the monitor renews the record before it ends. Each report takes the place of the last.',
  security: bearer('submit'),
  request: { params, body: body('InputReportWish', REPORT) },
  responses: {
    200: json('What it amounts to.', InputReceiptBody),
    ...problems('invalid_input', 'not_found', 'too_large', 'unsupported_media_type', ...TOKEN_PROBLEMS),
  },
});

const renewRoute = createRoute({
  method: 'post',
  path: `${PATH}/renewals`,
  operationId: 'startRenewal',
  tags: ['submission'],
  summary: 'Start the renewal of a model version',
  description:
    'Queues its last submission as a new attempt, with the same artifact and evidence; where one is under way, that is answered. Submitter and authors stay who they were. What stands goes on standing until the new run is decided, and people are asked where its risk tier demands it.',
  security: bearer('submit'),
  request: { params, body: body('RenewalWish', {}) },
  responses: {
    200: json('The run.', RenewalBody),
    ...problems(
      ...(['invalid_input', 'not_found', 'conflict', 'too_large', 'unsupported_media_type'] as const),
      ...TOKEN_PROBLEMS,
    ),
  },
});

/** Renewing model versions before their governance ends. */
export function addRenewalRoutes(app: ApiApp, deps: RouteDependencies): void {
  const { context, settings } = deps;
  const middleware = requireScope(deps, 'submit');
  const register = (name: string, schema: z.ZodType, description: string) =>
    app.openAPIRegistry.register(name, schema.meta({ description }));
  register('InputReportWish', InputReportWish, 'What a model version would be made from now.');
  register('RenewalWish', RenewalWish, 'What is to be renewed.');
  app.openapi({ ...reportRoute, middleware }, async (c) => {
    const environment = settings.environments[0] ?? 'production';
    const about = { ...nameIn(c.req.valid('param')), environment };
    const wish = await readJson(c, InputReportWish);
    return c.json(await reportInputs(context, about, wish, c.var.caller.principal), 200);
  });
  app.openapi({ ...renewRoute, middleware }, async (c) => {
    const { artifact } = await readJson(c, RenewalWish);
    return c.json(await startRenewal(context, nameIn(c.req.valid('param')), artifact), 200);
  });
}

function nameIn({ model_id: modelId, model_version: modelVersion }: z.infer<typeof params>) {
  return { modelId, modelVersion };
}
