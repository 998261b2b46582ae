import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the submitter of a model version wants those who decide to know. */
export const submitterNotes: Migration = {
  up: async (db) => {
    await sql`alter table runs add column note text`.execute(db);
  },
};
