import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What lets a tick read and write what changed, and no more. */
export const changes: Migration = {
  up: async (db) => {
    await sql`alter table deployments alter column observed_at drop not null`.execute(db);
    await sql`create index findings_firing_about on findings ((finding ->> 'deployment') text_pattern_ops)
      where state = 'firing'`.execute(db);
    await sql`alter table input_reports add column written_in xid8 not null default pg_current_xact_id()`.execute(
      db,
    );
    await sql`create index input_reports_written on input_reports (written_in)`.execute(db);
  },
};
