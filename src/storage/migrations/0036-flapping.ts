import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What lets a tick find what is kept open because it comes and goes, and how often something ended. */
export const flapping: Migration = {
  up: async (db) => {
    await sql`create index findings_quiet on findings ((finding #>> '{flapping,quietSince}'))
      where state = 'firing' and finding ? 'flapping'`.execute(db);
    await sql`create index findings_ended on findings (key, resolved_at) where state = 'resolved'`.execute(
      db,
    );
  },
};
