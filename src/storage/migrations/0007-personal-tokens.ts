import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tokens with which a person decides: who issued them, and when their person confirmed them. */
export const personalTokens: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table tokens add column issued_by text',
  'alter table tokens add column confirmed_at timestamptz',
  'alter table tokens add column confirmed_by text',
  `alter table tokens add constraint tokens_deciding check (not scopes ? 'decide' or
    (subject like 'person:%' and issued_by is not null
      and expires_at is not null and expires_at <= created_at + interval '90 days'))`,
];
