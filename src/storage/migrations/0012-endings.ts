import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Why a request ended that was neither decided nor lapsed: null where a newer submission took its place. */
export const endings: Migration = {
  up: async (db) => {
    await sql`alter table approval_requests add column ending text`.execute(db);
  },
};
