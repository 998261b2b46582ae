import { createRoute, z } from '@hono/zod-openapi';
import type { HandlingRefusal } from '../../domain/index.ts';
import { MINUTE } from '../../lib/index.ts';
import { type FindingAction, findingInFull, handleFinding } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { presentFindingInFull } from '../present.ts';
import { HttpRefusal } from '../problem.ts';
import { requireScope } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import { FindingId, FindingInFullBody, HandlingWish } from '../schema/monitoring.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';
import { personOf } from './refused-answer.ts';

const PATH = '/api/v1/findings/{id}';
const params = z.object({ id: FindingId });

const findingRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'showFinding',
  tags: ['monitoring'],
  summary: 'Show a finding',
  description: 'One finding with what happened to it, and which receivers were told of it.',
  security: bearer('read'),
  request: { params },
  responses: {
    200: json('The finding.', FindingInFullBody),
    ...problems('invalid_input', 'not_found', ...TOKEN_PROBLEMS),
  },
});

const handlingRoute = createRoute({
  method: 'post',
  path: `${PATH}/handling`,
  operationId: 'handleFinding',
  tags: ['monitoring'],
  summary: 'Acknowledge, mute or unmute a finding',
  description:
    "Does what the buttons of its message do: `acknowledge` says that one looks into it, so that it is not escalated; `mute` quiets Slack for a time; `run` has its submission run again; `block` has its traffic blocked though a limit of `enforcement` holds that up. Needs a person's token that they confirmed in Slack. It changes nothing of what is judged.",
  security: bearer('decide'),
  request: {
    params,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/HandlingWish' },
          example: { action: 'acknowledge' },
        },
      },
    },
  },
  responses: {
    200: json('The finding as it stands then.', FindingInFullBody),
    ...problems(
      ...(['invalid_input', 'not_found', 'too_large', 'unsupported_media_type'] as const),
      ...(['unknown_person', 'account_barred', 'resolved', 'already_acknowledged'] as const),
      ...([
        'not_muted',
        'mute_too_long',
        'never_submitted',
        'run_asked',
        'not_held',
        'block_allowed',
      ] as const),
      ...TOKEN_PROBLEMS,
    ),
  },
});

/** One finding, and what people do about it. */
export function addFindingRoutes(app: ApiApp, deps: RouteDependencies): void {
  const { context } = deps;
  app.openAPIRegistry.register(
    'HandlingWish',
    HandlingWish.meta({ description: 'What somebody does about a finding.' }),
  );
  app.openapi({ ...findingRoute, middleware: requireScope(deps, 'read') }, async (c) =>
    c.json(presentFindingInFull(await findingInFull(context, c.req.valid('param').id)), 200),
  );
  app.openapi({ ...handlingRoute, middleware: requireScope(deps, 'decide') }, async (c) => {
    const { id: findingId } = c.req.valid('param');
    const action = actionOf(await readJson(c, HandlingWish));
    const { person: actor } = personOf(c.var.caller);
    await findingInFull(context, findingId);
    const source = `api ${context.newId()}`;
    const result = await handleFinding(context, { findingId, action, actor, source });
    if (!result.ok) throw new HttpRefusal(result.refusal, `${WHY[result.refusal]} Nothing was changed.`);
    return c.json(presentFindingInFull(await findingInFull(context, findingId)), 200);
  });
}

function actionOf(wish: HandlingWish): FindingAction {
  return wish.action === 'mute'
    ? { kind: 'mute', duration: wish.minutes * MINUTE, reason: wish.reason }
    : { kind: wish.action };
}

const WHY: Readonly<Record<HandlingRefusal, string>> = {
  unknown_person: 'The people map does not know who you are.',
  account_barred: "Slack says that your account is a guest's, a bot's, deactivated, or of another workspace.",
  unknown_finding: 'There is no such finding.',
  resolved: 'The finding is resolved.',
  already_acknowledged: 'Somebody has acknowledged it already.',
  not_muted: 'It is not muted.',
  mute_too_long: 'A critical finding is muted for a day at the most, a warning for 30 days.',
  never_submitted: 'These bytes were never submitted under this name.',
  may_not_renew: 'This is for those whom the end of the approval concerns.',
  not_held: 'Nothing holds up that its traffic is blocked: it is blocked already, or no rule would have it.',
  block_allowed: 'Somebody let it be blocked already.',
  run_asked: 'A run was asked for already.',
};
