import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Artifacts that are fetched by URI, and runs whose bytes could not be had. */
export const fetches: Migration = {
  up: async (db) => {
    await sql`create table fetches (
      id text primary key,
      uri text not null,
      announced text,
      asked_by text not null,
      state text not null check (state in ('queued', 'running', 'fetched', 'failed')),
      bytes bigint not null,
      total bigint,
      artifact jsonb,
      failure jsonb,
      asked_at timestamptz not null,
      finished_at timestamptz)`.execute(db);
    await sql`create index fetches_under_way on fetches (asked_by, uri) where finished_at is null`.execute(
      db,
    );
    await sql`alter table runs add column missing_bytes text`.execute(db);
  },
};
