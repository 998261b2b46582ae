import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Where the CI run can be seen that submitted a model version. */
export const ciRuns: Migration = {
  up: async (db) => {
    await sql`alter table runs add column ci_url text`.execute(db);
  },
};
