import { createRoute, z } from '@hono/zod-openapi';
import { answerByApi, OVERRIDE_STATES, overrideStatus, overridesOnPage } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { presentOverride } from '../present.ts';
import { requireScope, secretOf } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import { knownEnvironment, Limit, ModelIdText } from '../schema/names.ts';
import { DocumentationAnswer, DocumentationWish, OverrideId, OverrideListBody } from '../schema/override.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';
import { personOf } from './refused-answer.ts';
import { refuseUncountedDocumentation } from './refused-documentation.ts';

const PATH = '/api/v1/overrides';
const EXAMPLE = {
  documentation:
    'Payments failed (INC-17). The stage that was skipped was run on 24 November and passed; no customer was affected.',
};

const listRoute = ({ settings }: RouteDependencies) =>
  createRoute({
    method: 'get',
    path: PATH,
    operationId: 'listOverrides',
    tags: ['approvals'],
    summary: 'List overrides',
    description:
      'Who let which artifact serve traffic though it was not governed, newest first, each with how far it has come and how its documentation stands.',
    security: bearer('read', 'decide'),
    request: {
      query: z.strictObject({
        model_id: ModelIdText.optional(),
        environment: knownEnvironment(settings.environments).optional(),
        state: z.enum(OVERRIDE_STATES).optional().openapi({
          description:
            'A phase; or `undocumented`: it owes its documentation, overdue or not; or `open`: waiting, in force or undocumented.',
        }),
        after: OverrideId.optional().meta({ description: 'The `next` of the page before.' }),
        limit: Limit,
      }),
    },
    responses: {
      200: json('The overrides.', OverrideListBody),
      ...problems('invalid_input', 'not_found', ...TOKEN_PROBLEMS),
    },
  });

const documentRoute = createRoute({
  method: 'post',
  path: `${PATH}/{id}/documentation`,
  operationId: 'documentOverride',
  tags: ['approvals'],
  summary: 'Document an override',
  description:
    "Settles an override, by a signed statement: says what happened. Whoever is in the people map may, as in Slack. Needs a person's token that they confirmed in Slack; the surface `bot` signs. Sent again, the same words count once.",
  security: bearer('decide'),
  request: {
    params: z.object({ id: OverrideId }),
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/DocumentationWish' }, example: EXAMPLE },
      },
    },
  },
  responses: {
    200: json('The override is documented.', DocumentationAnswer),
    ...problems(
      ...(['invalid_input', 'not_found', 'too_large', 'unsupported_media_type'] as const),
      ...(['unknown_person', 'account_barred', 'already_documented', 'nothing_to_document'] as const),
      ...TOKEN_PROBLEMS,
    ),
  },
});

/** Overrides, and what is owed of them. */
export function addOverrideRoutes(app: ApiApp, deps: RouteDependencies): void {
  const { context } = deps;
  app.openAPIRegistry.register(
    'DocumentationWish',
    DocumentationWish.meta({ description: 'What is said of an override after the fact.' }),
  );
  app.openapi({ ...listRoute(deps), middleware: requireScope(deps, 'read', 'decide') }, async (c) => {
    const { model_id: modelId, environment, state, after, limit } = c.req.valid('query');
    const { overrides, next } = await overridesOnPage(context, {
      limit,
      ...(modelId === undefined ? {} : { modelId }),
      ...(environment === undefined ? {} : { environment }),
      ...(state === undefined ? {} : { state }),
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ overrides: overrides.map(presentOverride), next }, 200);
  });
  app.openapi({ ...documentRoute, middleware: requireScope(deps, 'decide') }, async (c) => {
    const { id: overrideId } = c.req.valid('param');
    const { documentation } = await readJson(c, DocumentationWish);
    const { tokenId } = personOf(c.var.caller);
    await overrideStatus(context, overrideId);
    const said = { type: 'api_document', overrideId, tokenId, documentation } as const;
    const outcome = await answerByApi(context, said, secretOf(c));
    await refuseUncountedDocumentation(context, outcome, { overrideId, caller: c.var.caller });
    const override = presentOverride(await overrideStatus(context, overrideId));
    return c.json({ recorded: outcome.word === 'recorded', override }, 200);
  });
}
