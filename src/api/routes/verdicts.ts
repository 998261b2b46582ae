import { createRoute, z } from '@hono/zod-openapi';
import { type JudgeQuery, judgeArtifact } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { DigestText, environmentQuery, ModelIdText, VersionText } from '../schema/names.ts';
import { GateBody, VerdictBody } from '../schema/verdict.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';
import { GATE_PATH } from './paths.ts';

const question = ({ settings }: RouteDependencies) =>
  z
    .strictObject({
      digest: DigestText.openapi({
        description: 'Of the artifact’s bytes, or of an OCI manifest that was recorded for them.',
      }),
      environment: environmentQuery(settings.environments),
      model_id: ModelIdText.optional(),
      model_version: VersionText.optional(),
    })
    .refine((query) => (query.model_id === undefined) === (query.model_version === undefined), {
      error: 'say both model_id and model_version, or neither',
      path: ['model_version'],
    });

const verdictRoute = (deps: RouteDependencies) =>
  createRoute({
    method: 'get',
    path: '/api/v1/verdicts',
    operationId: 'judgeArtifact',
    tags: ['governance'],
    summary: 'Ask for a verdict',
    description:
      'The judge on an artifact in an environment, now. With model_id and model_version only runs under that name count. Nothing known is an answer too: `ungoverned`.',
    security: bearer('read'),
    request: { query: question(deps) },
    responses: { 200: json('The verdict.', VerdictBody), ...problems('invalid_input', ...TOKEN_PROBLEMS) },
  });

const gateRoute = (deps: RouteDependencies) =>
  createRoute({
    method: 'get',
    path: GATE_PATH,
    operationId: 'gate',
    tags: ['governance'],
    summary: 'Ask whether an artifact may be deployed',
    description:
      'The verdict, short. Deploy only on status 200 with `allowed: true`; a refusal is 200 with `allowed: false` and its reasons. It fails closed: errors say `allowed: false` too.',
    security: bearer('read'),
    request: { query: question(deps) },
    responses: { 200: json('The answer.', GateBody), ...problems('invalid_input', ...TOKEN_PROBLEMS) },
  });

/** The judge's word: whole, and as a gate for CI and admission. */
export function addVerdictRoutes(app: ApiApp, deps: RouteDependencies): void {
  const middleware = requireScope(deps, 'read');
  app.openapi({ ...verdictRoute(deps), middleware }, async (c) =>
    c.json(await judgeArtifact(deps.context, queryOf(c.req.valid('query'))), 200),
  );
  app.openapi({ ...gateRoute(deps), middleware }, async (c) => {
    const verdict = await judgeArtifact(deps.context, queryOf(c.req.valid('query')));
    const { allowed, status, artifact, manifest, environment, reasons, asOf, judgedAt } = verdict;
    const validUntil = verdict.override?.until ?? verdict.basis?.validUntil ?? null;
    return c.json(
      { allowed, status, artifact, manifest, environment, reasons, validUntil, asOf, judgedAt },
      200,
    );
  });
}

function queryOf(query: z.infer<ReturnType<typeof question>>): JudgeQuery {
  const { digest: artifact, environment, model_id: modelId, model_version: modelVersion } = query;
  const name = modelId !== undefined && modelVersion !== undefined ? { modelId, modelVersion } : null;
  return { artifact, environment, ...(name === null ? {} : { name }) };
}
