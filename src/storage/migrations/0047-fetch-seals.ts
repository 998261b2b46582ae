import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What proves that it was the fetcher who said what came of a fetch. What earlier releases fetched is to be fetched again. */
export const fetchSeals: Migration = {
  up: async (db) => {
    await sql`alter table fetches add column seal text`.execute(db);
  },
};
