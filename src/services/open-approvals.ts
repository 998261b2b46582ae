import { CountersignError, type PersonId } from '../domain/index.ts';
import {
  type ApprovalRequestRow,
  answeredRequests,
  findApprovalRequest,
  type OpenRequests,
  openApprovalRequests,
} from '../storage/index.ts';
import { type ApprovalStatus, statusOf } from './approval-status.ts';
import type { ApprovalContext, BaseContext } from './context.ts';

type ReadingContext = BaseContext & Pick<ApprovalContext, 'directory'>;

/** A page of requests, oldest first. */
export interface ApprovalPage {
  readonly approvals: readonly ApprovalStatus[];
  /** The `after` of the page that follows; null where none does. */
  readonly next: string | null;
}

type Which = OpenRequests & { readonly limit: number };

/**
 * Requests that wait for an answer.
 * @throws CountersignError `not_found` for an `after` that names no request
 */
export async function openApprovals(ctx: ReadingContext, which: Which): Promise<ApprovalPage> {
  const now = ctx.clock.now();
  const page = await pageOf(ctx, which, (more) => openApprovalRequests(ctx.db, now, more));
  return { ...page, approvals: page.approvals.filter(({ state }) => state === 'pending') };
}

/**
 * Requests that a person answered, or somebody in their place, decided by now or not: what they can take back.
 * @throws CountersignError as `openApprovals`
 */
export function answeredApprovals(
  ctx: ReadingContext,
  person: PersonId,
  which: Which,
): Promise<ApprovalPage> {
  return pageOf(ctx, which, (more) => answeredRequests(ctx.db, person, more));
}

async function pageOf(
  ctx: ReadingContext,
  which: Which,
  find: (which: Which) => Promise<ApprovalRequestRow[]>,
): Promise<ApprovalPage> {
  const { after, limit } = which;
  if (after !== undefined && (await findApprovalRequest(ctx.db, after)) === null)
    throw new CountersignError('not_found', `there is no approval request ${after}`);
  const found = await find({ ...which, limit: limit + 1 });
  const shown = found.slice(0, limit);
  return {
    approvals: await Promise.all(shown.map((request) => statusOf(ctx, request))),
    next: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
