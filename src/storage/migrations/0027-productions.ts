import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** When model versions were first governed in production, kept when they are gone. */
export const productions: Migration = {
  up: async (db) => {
    await sql`create table productions (
      model_id text not null,
      model_version text not null,
      first_seen_at timestamptz not null,
      trained_at timestamptz not null check (trained_at <= first_seen_at),
      primary key (model_id, model_version))`.execute(db);
  },
};
