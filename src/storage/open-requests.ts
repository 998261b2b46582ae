import { sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import { type ApprovalRequestRow, toRequestRow } from './approvals.ts';
import type { Db } from './database.ts';

/** Which of the open requests are meant; all of them where nothing is said. */
export interface OpenRequests {
  readonly modelId?: string;
  readonly modelVersion?: string;
  /** Those that come after this one, by id. */
  readonly after?: string;
  readonly limit?: number;
}

/** Requests that wait for an answer at an instant, oldest first: neither decided nor superseded nor lapsed. */
export async function openApprovalRequests(
  db: Db,
  now: Instant,
  { modelId, modelVersion, after, limit }: OpenRequests = {},
): Promise<ApprovalRequestRow[]> {
  let query = db
    .selectFrom('approval_requests')
    .selectAll()
    .where('superseded_at', 'is', null)
    .where('decided_at', 'is', null)
    .where('lapsed_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('requested_at')
    .orderBy('id');
  if (modelId !== undefined) query = query.where('model_id', '=', modelId);
  if (modelVersion !== undefined) query = query.where('model_version', '=', modelVersion);
  if (after !== undefined) query = query.where(isAfter(after));
  if (limit !== undefined) query = query.limit(limit);
  return (await query.execute()).map(toRequestRow);
}

/** Whether a request comes after another one, in the order in which they are listed. */
function isAfter(id: string) {
  return sql<boolean>`(requested_at, id) > (select requested_at, id from approval_requests where id = ${id})`;
}
