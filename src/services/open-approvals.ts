import { CountersignError } from '../domain/index.ts';
import { findApprovalRequest, type OpenRequests, openApprovalRequests } from '../storage/index.ts';
import { type ApprovalStatus, statusOf } from './approval-status.ts';
import type { ApprovalContext, BaseContext } from './context.ts';

type ReadingContext = BaseContext & Pick<ApprovalContext, 'directory'>;

/**
 * A page of the requests that wait for an answer, oldest first; `next` is the `after` of the page that follows, null
 * where none does.
 * @throws CountersignError `not_found` for an `after` that names no request
 */
export async function openApprovals(
  ctx: ReadingContext,
  page: OpenRequests & { readonly limit: number },
): Promise<{ readonly approvals: readonly ApprovalStatus[]; readonly next: string | null }> {
  const { after, limit } = page;
  if (after !== undefined && (await findApprovalRequest(ctx.db, after)) === null)
    throw new CountersignError('not_found', `there is no approval request ${after}`);
  const found = await openApprovalRequests(ctx.db, ctx.clock.now(), { ...page, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const all = await Promise.all(shown.map((request) => statusOf(ctx, request)));
  return {
    approvals: all.filter(({ state }) => state === 'pending'),
    next: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
