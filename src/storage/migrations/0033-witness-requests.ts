import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Ledger views that the monitor is asked to witness, and what it said. */
export const witnessRequests: Migration = {
  up: async (db) => {
    await sql`create table witness_requests (
      id text primary key,
      view text not null,
      asked_at timestamptz not null,
      outcome text check (outcome in ('witnessed', 'refused', 'not_now')),
      word text,
      check ((outcome is null) = (word is null)))`.execute(db);
    await sql`create index witness_requests_by_age on witness_requests (asked_at)`.execute(db);
  },
};
