import { sql } from 'kysely';
import type { Instant, PersonId, Role, StatementId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { delegationColumns, endColumns, type Said } from './derived/columns.ts';

/** That somebody decides in another's place for a time. */
export interface DelegationRow {
  /** Id of its statement. */
  readonly id: StatementId;
  readonly delegator: PersonId;
  readonly delegate: PersonId;
  readonly roles: readonly Role[];
  readonly from: Instant;
  readonly until: Instant;
  readonly reason: string | null;
}

/** Stores a delegation beside its statement. A second one of the same delegator that stands violates a key. */
export async function insertDelegation(
  tx: Tx,
  said: Said<'delegation/v1'>,
  { reason, reasonSalt }: Pick<DelegationRow, 'reason'> & { readonly reasonSalt: string | null },
): Promise<void> {
  const standing = { ended_at: null, ended_by: null };
  await tx
    .insertInto('delegations')
    .values({ ...delegationColumns(said), reason, reason_salt: reasonSalt, ...standing })
    .execute();
}

/** Notes the statement that ends a delegation early; null where it had ended by its own time. */
export async function endDelegation(
  tx: Tx,
  id: StatementId,
  said: Said<'delegation/v1'> | null,
): Promise<void> {
  await tx
    .updateTable('delegations')
    .set(({ ref }) => (said === null ? { ended_at: ref('held_until') } : endColumns(said)))
    .where('id', '=', id)
    .execute();
}

/** Ends all delegations whose own time is over and that nobody had ended, each by one caller; gives what it ended. */
export async function endOverDelegations(tx: Tx, now: Instant): Promise<DelegationRow[]> {
  const rows = await tx
    .updateTable('delegations')
    .set(({ ref }) => ({ ended_at: ref('held_until') }))
    .where('ended_at', 'is', null)
    .where('held_until', '<=', now)
    .returningAll()
    .execute();
  return rows.map(fromRow);
}

/** A delegation, and whether it has ended; null when there is none with this id. */
export async function findDelegation(
  db: Db,
  id: string,
): Promise<(DelegationRow & { readonly ended: boolean }) | null> {
  const row = await db.selectFrom('delegations').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : { ...fromRow(row), ended: row.ended_at !== null };
}

/** The delegation of a person that nobody has ended, be its time over or not; null when there is none. */
export async function standingDelegation(db: Db, delegator: PersonId): Promise<DelegationRow | null> {
  const row = await db
    .selectFrom('delegations')
    .selectAll()
    .where('delegator', '=', delegator)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** When a person's delegations last began or ended; null when they made none. */
export async function lastDelegationChange(db: Db, delegator: PersonId): Promise<Instant | null> {
  const { at } = await db
    .selectFrom('delegations')
    .select(({ fn }) => fn.max(sql<Instant>`greatest(held_from, ended_at)`).as('at'))
    .where('delegator', '=', delegator)
    .executeTakeFirstOrThrow();
  return at;
}

/** Delegations in force at an instant, by when they began. Whoever may not act at all decides in nobody's place. */
export async function delegationsInForce(db: Db, now: Instant): Promise<DelegationRow[]> {
  const rows = await db
    .selectFrom('delegations')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('held_from', '<=', now)
    .where('held_until', '>', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('suspensions')
            .select('suspensions.id')
            .whereRef('suspensions.person', '=', 'delegations.delegate')
            .where('suspensions.suspended_until', 'is', null),
        ),
      ),
    )
    .orderBy('held_from')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

function fromRow(row: {
  id: string;
  delegator: string;
  delegate: string;
  roles: string[];
  held_from: Instant;
  held_until: Instant;
  reason: string | null;
}): DelegationRow {
  const { delegator, delegate, roles, held_from: from, held_until: until, reason } = row;
  return { id: row.id as StatementId, delegator, delegate, roles, from, until, reason };
}
