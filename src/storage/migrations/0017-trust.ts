import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Statements that were signed again, beside the ledger and append-only as it is; and the trust policies that were seen. */
export const trust: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table resignatures (
    statement text not null references ledger (id),
    key_id text not null,
    bundle text not null,
    recorded_at timestamptz not null,
    primary key (statement, key_id))`,
  `create trigger resignatures_append_only before update or delete or truncate on resignatures
    for each statement execute function refuse_change()`,
  `create table trust_policies (
    version bigint primary key,
    digest text not null,
    first_seen_at timestamptz not null)`,
  `create trigger trust_policies_append_only before update or delete or truncate on trust_policies
    for each statement execute function refuse_change()`,
];
