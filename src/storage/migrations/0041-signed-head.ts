import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What whoever holds the ledger's key said last of the ledger's head: a signed note, or why there is none. */
export const signedHead: Migration = {
  up: async (db) => {
    await sql`create table signed_head (
      is_only boolean primary key default true check (is_only),
      note text,
      refusal text,
      said_at timestamptz not null,
      check ((note is null) <> (refusal is null)))`.execute(db);
  },
};
