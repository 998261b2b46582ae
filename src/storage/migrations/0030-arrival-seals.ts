import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What arrives from Slack is sealed by who took it. What an earlier release kept and did not answer has no seal. */
export const arrivalSeals: Migration = {
  up: async (db) => {
    await sql`alter table inbox add column seal text`.execute(db);
  },
};
