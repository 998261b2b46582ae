import { createRoute, z } from '@hono/zod-openapi';
import { exportRecord } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { DigestText, environmentQuery, ModelIdText, VersionText } from '../schema/names.ts';
import { RecordPackageBody } from '../schema/record.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

const route = ({ settings }: RouteDependencies) =>
  createRoute({
    method: 'get',
    path: '/api/v1/records/{model_id}/{model_version}',
    operationId: 'exportRecord',
    tags: ['governance'],
    summary: 'Export a governance record',
    description:
      'The governance record of a model version (of the artifact given, else of the newest that was governed) with everything that an offline verifier needs, but for the artifact and the trust policy, which must come on ways of their own.',
    security: bearer('read'),
    request: {
      params: z.object({ model_id: ModelIdText, model_version: VersionText }),
      query: z.strictObject({
        digest: DigestText.optional(),
        environment: environmentQuery(settings.environments),
      }),
    },
    responses: {
      200: json('The record package.', RecordPackageBody),
      ...problems('invalid_input', 'not_found', 'integrity', ...TOKEN_PROBLEMS),
    },
  });

/** Records, to be taken away and verified. */
export function addRecordRoutes(app: ApiApp, deps: RouteDependencies): void {
  app.openapi({ ...route(deps), middleware: requireScope(deps, 'read') }, async (c) => {
    const { model_id: modelId, model_version: modelVersion } = c.req.valid('param');
    const { digest: artifact, environment } = c.req.valid('query');
    const record = await exportRecord(deps.context, {
      modelId,
      modelVersion,
      environment,
      ...(artifact ? { artifact } : {}),
    });
    c.header(
      'Content-Disposition',
      `attachment; filename="${modelId}-${modelVersion}.governance-record.json"`,
    );
    return c.json(record, 200);
  });
}
