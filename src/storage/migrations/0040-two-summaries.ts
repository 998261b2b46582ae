import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What is published is signed by the monitor too: all of it is published anew before it is looked at for that. */
export const twoSummaries: Migration = {
  up: async (db) => {
    await sql`
      update publications set due_at = now(), inspect_at = greatest(inspect_at, now() + interval '1 hour')
      where published_at is not null`.execute(db);
  },
};
