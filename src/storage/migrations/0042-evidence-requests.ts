import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Evidence that the monitor asks whoever holds the ledger's key to make, and what came of it. */
export const evidenceRequests: Migration = {
  up: async (db) => {
    await sql`create table evidence_requests (
      id text primary key,
      model_id text not null,
      model_version text not null,
      artifact text not null,
      asked_at timestamptz not null,
      outcome text check (outcome in ('made', 'refused', 'not_now')),
      word text,
      check ((outcome is null) = (word is null)))`.execute(db);
    await sql`create index evidence_requests_by_age on evidence_requests (asked_at)`.execute(db);
  },
};
