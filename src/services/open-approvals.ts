import { CountersignError, type PersonId, type Role, rolesAt } from '../domain/index.ts';
import { findApprovalRequest, type OpenRequests, openApprovalRequests } from '../storage/index.ts';
import { type ApprovalStatus, approvalStatus, statusOf } from './approval-status.ts';
import type { ApprovalContext, BaseContext } from './context.ts';
import { peopleNow } from './people-now.ts';

type ReadingContext = BaseContext & Pick<ApprovalContext, 'directory'>;

/** A role that nobody has covered yet, and who could: they hold it, and may and did not decide. */
export interface OpenRole {
  readonly role: Role;
  readonly people: readonly PersonId[];
}

/** A request, how it stands, and who is still needed. */
export interface ApprovalInFull extends ApprovalStatus {
  readonly openRoles: readonly OpenRole[];
}

/** @throws CountersignError `not_found`; `integrity` as in `decideApproval` */
export async function approvalInFull(ctx: ReadingContext, requestId: string): Promise<ApprovalInFull> {
  return inFull(ctx, await approvalStatus(ctx, requestId));
}

/**
 * A page of the requests that wait for an answer, oldest first; `next` is the `after` of the page that follows, null
 * where none does.
 * @throws CountersignError `not_found` for an `after` that names no request
 */
export async function openApprovals(
  ctx: ReadingContext,
  page: OpenRequests & { readonly limit: number },
): Promise<{ readonly approvals: readonly ApprovalInFull[]; readonly next: string | null }> {
  const { after, limit } = page;
  if (after !== undefined && (await findApprovalRequest(ctx.db, after)) === null)
    throw new CountersignError('not_found', `there is no approval request ${after}`);
  const found = await openApprovalRequests(ctx.db, ctx.clock.now(), { ...page, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const all = await Promise.all(shown.map((request) => statusOf(ctx, request)));
  const pending = all.filter(({ state }) => state === 'pending');
  return {
    approvals: await Promise.all(pending.map((status) => inFull(ctx, status))),
    next: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

async function inFull(ctx: ReadingContext, status: ApprovalStatus): Promise<ApprovalInFull> {
  const people = await peopleNow(ctx);
  const now = ctx.clock.now();
  const { excluded } = status.request.view;
  const done = new Set([...excluded, ...status.decisions.map(({ person }) => person)]);
  const holders = (role: Role) =>
    [...people.keys()].filter((person) => !done.has(person) && rolesAt(people, person, now).has(role));
  const missing = status.state === 'pending' ? status.missingRoles : [];
  return { ...status, openRoles: missing.map((role) => ({ role, people: holders(role) })) };
}
