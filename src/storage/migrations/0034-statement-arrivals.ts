import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which arrival had a statement signed. Of what earlier releases signed it is not known. */
export const statementArrivals: Migration = {
  up: async (db) => {
    await sql`create table statement_arrivals (statement text primary key, arrival text not null)`.execute(
      db,
    );
    await sql`create index statement_arrivals_by_arrival on statement_arrivals (arrival)`.execute(db);
  },
};
