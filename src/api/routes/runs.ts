import { createRoute, z } from '@hono/zod-openapi';
import { digestOfJson } from '../../domain/index.ts';
import { describeRun, runsOnPage, Submission, submitRun } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { presentDescription, presentRun } from '../present.ts';
import { requireScope } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import { environmentQuery, Limit, ModelIdText, RunId, VersionText } from '../schema/names.ts';
import { RunDescriptionBody, RunListBody, SubmissionAnswer } from '../schema/run.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const PATH = '/api/v1/runs';
const EXAMPLE = {
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  artifact: 'sha256:9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
  pipeline: 'sha256:4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a',
  evidence: [
    {
      name: 'model_card',
      digest: 'sha256:ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d',
    },
  ],
  authors: ['git:dana@example.com'],
};

const submitRoute = createRoute({
  method: 'post',
  path: PATH,
  operationId: 'submitRun',
  tags: ['submission'],
  summary: 'Submit a model version',
  description:
    'Starts a run of the pipeline for an artifact whose bytes and evidence were uploaded before. An equal submission gets the same run back while that stands; `attempt: new` starts another. The submitter is whom the token speaks for.',
  security: bearer('submit'),
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Submission' }, example: EXAMPLE },
      },
    },
  },
  responses: {
    200: json('An equal submission had started this run.', SubmissionAnswer),
    201: json('The run is queued.', SubmissionAnswer),
    ...problems(
      'invalid_input',
      'pipeline_not_trusted',
      'too_large',
      'unsupported_media_type',
      ...TOKEN_PROBLEMS,
    ),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listRuns',
  tags: ['submission'],
  summary: 'List runs',
  description: 'Runs, newest first.',
  security: bearer('read'),
  request: {
    query: z.strictObject({
      model_id: ModelIdText.optional(),
      model_version: VersionText.optional(),
      after: RunId.optional().meta({ description: 'The `next` of the page before.' }),
      limit: Limit,
    }),
  },
  responses: { 200: json('The runs.', RunListBody), ...problems('invalid_input', ...TOKEN_PROBLEMS) },
});

const showRoute = ({ settings }: RouteDependencies) =>
  createRoute({
    method: 'get',
    path: `${PATH}/{id}`,
    operationId: 'describeRun',
    tags: ['submission'],
    summary: 'Show a run',
    description:
      'A run with its stages, its approval and the verdict. Its ETag changes when anything about it does: send it as If-None-Match to wait for news.',
    security: bearer('read'),
    request: {
      params: z.object({ id: RunId }),
      query: z.strictObject({
        environment: environmentQuery(settings.environments),
      }),
    },
    responses: {
      200: json('The run.', RunDescriptionBody),
      304: { description: 'Nothing changed since.' },
      ...problems('invalid_input', 'not_found', ...TOKEN_PROBLEMS),
    },
  });

/** Submitting, and how runs stand. */
export function addRunRoutes(app: ApiApp, deps: RouteDependencies): void {
  const { context } = deps;
  app.openAPIRegistry.register('Submission', Submission.meta({ description: 'What CI submits.' }));
  app.openapi({ ...submitRoute, middleware: requireScope(deps, 'submit') }, async (c) => {
    const submission = await readJson(c, Submission);
    const { run, created } = await submitRun(context, submission, c.var.caller.principal);
    c.header('Location', `${PATH}/${run.id}`);
    return c.json({ run: presentRun(run), created }, created ? 201 : 200);
  });
  app.openapi({ ...listRoute, middleware: requireScope(deps, 'read') }, async (c) => {
    const { model_id: modelId, model_version: modelVersion, after, limit } = c.req.valid('query');
    const filter = {
      limit,
      ...(modelId === undefined ? {} : { modelId }),
      ...(modelVersion === undefined ? {} : { modelVersion }),
      ...(after === undefined ? {} : { after }),
    };
    const { runs, next } = await runsOnPage(context, filter);
    return c.json({ runs: runs.map(presentRun), next }, 200);
  });
  app.openapi({ ...showRoute(deps), middleware: requireScope(deps, 'read') }, async (c) => {
    const { environment } = c.req.valid('query');
    const body = presentDescription(await describeRun(context, c.req.valid('param').id, environment));
    const tag = tagOf(body);
    c.header('ETag', tag);
    return c.req.header('if-none-match') === tag ? c.body(null, 304) : c.json(body, 200);
  });
}

/** A tag that the passing of time alone does not change. */
function tagOf({ verdict, ...rest }: z.infer<typeof RunDescriptionBody>): string {
  const { asOf: _asOf, judgedAt: _judgedAt, ...lasting } = verdict;
  return `"${digestOfJson({ ...rest, verdict: lasting })}"`;
}
