import { createRoute } from '@hono/zod-openapi';
import { TrustPolicy } from '../../domain/index.ts';
import { trustPolicyNow } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { requireScope } from '../request/bearer.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';

/** Under a name of its own; a copy, because the original may be older than zod-openapi. */
const TrustPolicyBody = TrustPolicy.meta({ description: 'Whom and what to believe.' }).openapi('TrustPolicy');

const route = createRoute({
  method: 'get',
  path: '/api/v1/trust-policy',
  operationId: 'trustPolicy',
  tags: ['governance'],
  summary: 'Read the trust policy',
  description:
    "Whom and what this server believes: public keys, pipelines by digest, people by id with their roles, revocations. An auditor gets it once, on a way that is not the record package's.",
  security: bearer('read'),
  responses: { 200: json('The policy.', TrustPolicyBody), ...problems(...TOKEN_PROBLEMS) },
});

/** The trust policy. */
export function addTrustPolicyRoutes(app: ApiApp, deps: RouteDependencies): void {
  app.openapi({ ...route, middleware: requireScope(deps, 'read') }, async (c) =>
    c.json(await trustPolicyNow(deps.context), 200),
  );
}
