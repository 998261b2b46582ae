import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What lets the database count at each tick how long people were waited for, without reading what they were asked. */
export const waits: Migration = {
  up: async (db) => {
    await sql`create index approval_requests_waits on approval_requests (requested_at, decided_at)
      where decided_at is not null`.execute(db);
  },
};
