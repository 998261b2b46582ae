import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The time zone of a Slack profile, for people of whom the people map says none. */
export const timeZones: Migration = {
  up: async (db) => {
    await sql`alter table slack_accounts add column time_zone text`.execute(db);
  },
};
