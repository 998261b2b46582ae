import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Decisions can be withdrawn, and the same person can then decide anew: a history instead of one row per person. */
export const decisions: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table approval_decisions drop constraint approval_decisions_pkey',
  'alter table approval_decisions add primary key (statement)',
  'alter table approval_decisions add column withdrawn_at timestamptz',
  'alter table approval_decisions add column withdrawal text unique references ledger (id)',
  'create unique index approval_decisions_standing on approval_decisions (request, person) where withdrawn_at is null',
];
