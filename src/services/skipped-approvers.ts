import {
  isTrustedPipeline,
  type OverrideScope,
  type People,
  type PersonId,
  type Role,
  rolesAt,
} from '../domain/index.ts';
import { openApprovalRequests } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';

/**
 * Whoever an override passes over: the holders of the roles that its open request asks for, else of those that the
 * approval stages of the model's pipelines ask for.
 */
export async function skippedApprovers(
  ctx: JudgeContext,
  scope: OverrideScope,
  people: People,
): Promise<PersonId[]> {
  const now = ctx.clock.now();
  const roles = await rolesPassedOver(ctx, scope);
  return [...people.keys()].filter((person) => {
    const held = rolesAt(people, person, now);
    return roles.some((role) => held.has(role));
  });
}

async function rolesPassedOver(ctx: JudgeContext, scope: OverrideScope): Promise<Role[]> {
  const open = (await openApprovalRequests(ctx.db, ctx.clock.now())).filter(
    ({ view }) => view.modelId === scope.modelId && view.modelVersion === scope.modelVersion,
  );
  if (open.length > 0) return open.flatMap(({ view }) => view.roles);
  const { policy, pipelines } = ctx.trust;
  return [...pipelines.values()]
    .filter(({ digest }) => isTrustedPipeline(policy, digest, scope.modelId, scope.environment))
    .flatMap(({ stages }) => stages.flatMap((stage) => (stage.kind === 'approval' ? stage.roles : [])));
}
