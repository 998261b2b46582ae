import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The one secret that signs links to pages: here, where every process finds it. Whoever can read it can read all that
 * such links open. Deleting the row ends every link.
 */
export const linkSecret: Migration = {
  up: async (db) => {
    await sql`
      create table link_secret (
        only_one boolean primary key default true check (only_one),
        secret text not null,
        made_at timestamptz not null
      )`.execute(db);
  },
};
