import { createRoute, z } from '@hono/zod-openapi';
import { answerByApi, answeredApprovals, approvalStatus, openApprovals } from '../../services/index.ts';
import type { ApiApp } from '../app.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { presentApprovalInFull } from '../present.ts';
import { requireScope, secretOf } from '../request/bearer.ts';
import { readJson } from '../request/json-body.ts';
import {
  ApprovalInFullBody,
  ApprovalListBody,
  DecisionAnswer,
  DecisionWish,
  RequestId,
  WithdrawalAnswer,
} from '../schema/approval.ts';
import { Limit, ModelIdText, VersionText } from '../schema/names.ts';
import { bearer, json, problems, TOKEN_PROBLEMS } from './answers.ts';
import { personOf, refuseUncounted } from './refused-answer.ts';

const PATH = '/api/v1/approvals';
const EXAMPLE = {
  decision: 'approved',
  view: 'sha256:4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a',
};
const params = z.object({ id: RequestId });

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listApprovals',
  tags: ['approvals'],
  summary: 'List what waits for an answer',
  description:
    'Requests for approval that are pending, oldest first, each with the view that is put to the vote, its digest, and who is still needed. With `answered`, those that the person of the token answered instead: what they can take back.',
  security: bearer('read', 'decide'),
  request: {
    query: z.strictObject({
      model_id: ModelIdText.optional(),
      model_version: VersionText.optional(),
      answered: z.literal('true').optional().openapi({
        description: 'Those that the person of the token answered, decided by now or not.',
      }),
      after: RequestId.optional().meta({ description: 'The `next` of the page before.' }),
      limit: Limit.openapi({ description: 'How many at most, oldest first.', example: 50 }),
    }),
  },
  responses: {
    200: json('The requests.', ApprovalListBody),
    ...problems('invalid_input', 'not_found', 'unknown_person', ...TOKEN_PROBLEMS),
  },
});

const showRoute = createRoute({
  method: 'get',
  path: `${PATH}/{id}`,
  operationId: 'showApproval',
  tags: ['approvals'],
  summary: 'Show a request for approval',
  description: 'A request, decided or not: what is put to the vote, its digest, who answered and who could.',
  security: bearer('read', 'decide'),
  request: { params },
  responses: {
    200: json('The request.', ApprovalInFullBody),
    ...problems('invalid_input', 'not_found', 'integrity', ...TOKEN_PROBLEMS),
  },
});

const decideRoute = createRoute({
  method: 'post',
  path: `${PATH}/{id}/decisions`,
  operationId: 'decide',
  tags: ['approvals'],
  summary: 'Approve or reject',
  description:
    "Gives the answer of the person whose token it is. Send the digest of the view that they were shown: it is signed. The same rules hold as in Slack, and the same sentences say why an answer does not count. Needs a person's token that they confirmed in Slack; the statement says `assurance: api_token`. The answer is signed by the surface `bot`, whether or not Slack can be reached. Sent again, the same answer counts once.",
  security: bearer('decide'),
  request: {
    params,
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/DecisionWish' }, example: EXAMPLE },
      },
    },
  },
  responses: {
    200: json('The answer is on record.', DecisionAnswer),
    ...problems(
      ...(['invalid_input', 'reason_required', 'not_found', 'too_large', 'unsupported_media_type'] as const),
      ...(['unknown_person', 'no_role', 'submitter_or_author', 'account_barred', 'api_refused'] as const),
      ...(['already_decided', 'closed', 'lapsed', 'superseded', 'withdrawn', 'view_changed'] as const),
      ...(['role_unconfirmed', 'integrity', ...TOKEN_PROBLEMS] as const),
    ),
  },
});

const withdrawRoute = createRoute({
  method: 'post',
  path: `${PATH}/{id}/withdrawal`,
  operationId: 'withdrawDecision',
  tags: ['approvals'],
  summary: 'Take an answer back',
  description:
    'Withdraws the answer of the person whose token it is, wherever they gave it. It no longer counts, a request that it had decided is open again, and they may answer anew.',
  security: bearer('decide'),
  request: { params },
  responses: {
    200: json('The answer is withdrawn.', WithdrawalAnswer),
    ...problems(
      ...(['invalid_input', 'not_found', 'nothing_to_withdraw', 'superseded'] as const),
      ...(['account_barred', 'api_refused', 'integrity', ...TOKEN_PROBLEMS] as const),
    ),
  },
});

/** What waits for people, and their answers. */
export function addApprovalRoutes(app: ApiApp, deps: RouteDependencies): void {
  const { context } = deps;
  app.openAPIRegistry.register(
    'DecisionWish',
    DecisionWish.meta({ description: "A person's answer to a request for approval." }),
  );
  app.openapi({ ...listRoute, middleware: requireScope(deps, 'read', 'decide') }, async (c) => {
    const { model_id: modelId, model_version: modelVersion, answered, after, limit } = c.req.valid('query');
    const which = {
      limit,
      ...(modelId === undefined ? {} : { modelId }),
      ...(modelVersion === undefined ? {} : { modelVersion }),
      ...(after === undefined ? {} : { after }),
    };
    const { approvals, next } =
      answered === undefined
        ? await openApprovals(context, which)
        : await answeredApprovals(context, personOf(c.var.caller).person, which);
    return c.json({ approvals: approvals.map(presentApprovalInFull), next }, 200);
  });
  app.openapi({ ...showRoute, middleware: requireScope(deps, 'read', 'decide') }, async (c) =>
    c.json(presentApprovalInFull(await approvalStatus(context, c.req.valid('param').id)), 200),
  );
  app.openapi({ ...decideRoute, middleware: requireScope(deps, 'decide') }, async (c) => {
    const { id: requestId } = c.req.valid('param');
    const { decision, view, reason = null } = await readJson(c, DecisionWish);
    const said = { requestId, tokenId: personOf(c.var.caller).tokenId, decision, view, reason };
    await approvalStatus(context, requestId);
    const outcome = await answerByApi(context, { type: 'api_decide', ...said }, secretOf(c));
    await refuseUncounted(context, outcome, { requestId, caller: c.var.caller });
    const approval = presentApprovalInFull(await approvalStatus(context, requestId));
    return c.json({ recorded: outcome.word === 'recorded', approval }, 200);
  });
  app.openapi({ ...withdrawRoute, middleware: requireScope(deps, 'decide') }, async (c) => {
    const { id: requestId } = c.req.valid('param');
    const { tokenId } = personOf(c.var.caller);
    await approvalStatus(context, requestId);
    const outcome = await answerByApi(context, { type: 'api_withdraw', requestId, tokenId }, secretOf(c));
    await refuseUncounted(context, outcome, { requestId, caller: c.var.caller });
    return c.json({ approval: presentApprovalInFull(await approvalStatus(context, requestId)) }, 200);
  });
}
