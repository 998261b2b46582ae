import { sql } from 'kysely';
import type { Instant } from '../../domain/index.ts';
import type { Tx } from '../database.ts';
import { draftOf } from './tables.ts';

const REQUESTS = sql.ref(draftOf('approval_requests'));

/**
 * Ends a draft: where what was signed leaves open what followed from it, the draft takes over what is stored, provided
 * that it can be; and what is known of lost rows is told.
 */
export async function settleDraft(tx: Tx, now: Instant): Promise<void> {
  // Roles that somebody had then and the people map has forgotten: what they signed in them decided all the same.
  await sql`update ${REQUESTS} draft set decided_at = stored.decided_at from approval_requests stored
    where stored.id = draft.id and draft.decided_at is null
      and stored.decided_at = draft.decided_as_signed`.execute(tx);
  await sql`alter table ${REQUESTS} drop column asked, drop column decided_as_signed`.execute(tx);
  await supersedeLost(tx);
  await endNoticed(tx, now);
}

/** A request whose row was lost is not open again where a newer record of its version exists. */
async function supersedeLost(tx: Tx): Promise<void> {
  await sql`update ${REQUESTS} draft
    set lost = draft.lost || jsonb_build_object('superseded_at', newer.issued_at)
    from (select request.id, min(record.issued_at) as issued_at from ${REQUESTS} request
      join ${sql.ref(draftOf('records'))} record on record.model_id = request.model_id
        and record.model_version = request.model_version and record.issued_at > request.requested_at
      group by request.id) newer
    where newer.id = draft.id and draft.decided_at is null`.execute(tx);
}

/** That a delegation is over by its own time is noticed some time after, which is signed by nobody. */
async function endNoticed(tx: Tx, now: Instant): Promise<void> {
  await sql`update ${sql.ref(draftOf('delegations'))} draft set ended_at = draft.held_until
    where draft.ended_at is null and draft.held_until <= ${now} and not exists (
      select 1 from delegations stored where stored.id = draft.id and stored.ended_at is null)`.execute(tx);
}
