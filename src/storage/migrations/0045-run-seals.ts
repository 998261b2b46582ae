import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What proves that a run is as it was queued. Earlier releases sealed none, and nothing is executed without a seal. */
export const runSeals: Migration = {
  up: async (db) => {
    await sql`alter table runs add column seal text`.execute(db);
  },
};
