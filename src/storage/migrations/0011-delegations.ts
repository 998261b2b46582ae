import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** People who decide in the place of others for a time, and decisions that were made so. */
export const delegations: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table delegations (
    id text primary key references ledger (id),
    delegator text not null,
    delegate text not null check (delegate <> delegator),
    roles jsonb not null,
    held_from timestamptz not null,
    held_until timestamptz not null check (held_until > held_from),
    reason text,
    reason_salt text,
    ended_at timestamptz,
    ended_by text unique references ledger (id))`,
  'create unique index delegations_standing on delegations (delegator) where ended_at is null',
  'create index delegations_delegate on delegations (delegate) where ended_at is null',
  'alter table approval_decisions add column on_behalf_of jsonb',
  `create unique index approval_decisions_in_place on approval_decisions (request, (on_behalf_of ->> 'person'))
    where withdrawn_at is null and on_behalf_of is not null`,
];
