import { type RawBuilder, sql } from 'kysely';
import type { Instant, PersonId } from '../domain/index.ts';
import { type ApprovalRequestRow, toRequestRow } from './approvals.ts';
import type { Db } from './database.ts';

/** Which of the requests are meant; all of them where nothing is said. */
export interface OpenRequests {
  readonly modelId?: string;
  readonly modelVersion?: string;
  /** Those that come after this one, by id. */
  readonly after?: string;
  readonly limit?: number;
}

/** Requests that wait for an answer at an instant, oldest first: neither decided nor superseded nor lapsed. */
export function openApprovalRequests(
  db: Db,
  now: Instant,
  which: OpenRequests = {},
): Promise<ApprovalRequestRow[]> {
  const waits = sql<boolean>`(decided_at is null and lapsed_at is null and expires_at > ${now})`;
  return standingRequests(db, waits, which);
}

/** Requests that were answered by a person or in their place, decided by now or not, oldest first. */
export function answeredRequests(
  db: Db,
  person: PersonId,
  which: OpenRequests,
): Promise<ApprovalRequestRow[]> {
  const answered = sql<boolean>`exists (select 1 from approval_decisions d
    where d.request = approval_requests.id and d.withdrawn_at is null
      and ${person} in (d.person, d.on_behalf_of ->> 'person'))`;
  return standingRequests(db, answered, which);
}

async function standingRequests(
  db: Db,
  condition: RawBuilder<boolean>,
  { modelId, modelVersion, after, limit }: OpenRequests,
): Promise<ApprovalRequestRow[]> {
  let query = db
    .selectFrom('approval_requests')
    .selectAll()
    .where('superseded_at', 'is', null)
    .where(condition)
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
