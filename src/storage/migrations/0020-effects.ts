import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What came of each action that people took, so that a repeat of it, however late, changes nothing. */
export const effects: Migration = {
  up: async (db) => {
    await sql`create table effects (source text primary key, result jsonb)`.execute(db);
  },
};
