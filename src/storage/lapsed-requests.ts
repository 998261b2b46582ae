import type { Instant } from '../domain/index.ts';
import type { Tx } from './database.ts';

/** An approval request whose time ran out. */
export interface LapsedRequest {
  readonly id: string;
  readonly runId: string;
  readonly expiresAt: Instant;
}

/**
 * Notes which undecided requests have lapsed by an instant, and returns those that were not noted before: each is
 * returned once. One that somebody is deciding at the moment is passed over, to be looked at the next time.
 */
export async function markLapsedRequests(tx: Tx, now: Instant): Promise<LapsedRequest[]> {
  const rows = await tx
    .updateTable('approval_requests')
    .set({ lapsed_at: now })
    .where('id', 'in', (query) =>
      query
        .selectFrom('approval_requests')
        .select('id')
        .where('superseded_at', 'is', null)
        .where('decided_at', 'is', null)
        .where('lapsed_at', 'is', null)
        .where('expires_at', '<=', now)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'run_id', 'expires_at'])
    .execute();
  return rows.map(({ id, run_id, expires_at }) => ({ id, runId: run_id, expiresAt: expires_at }));
}
