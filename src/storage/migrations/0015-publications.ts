import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What stands published of each model version in each place. */
export const publications: Migration = {
  up: async (db) => {
    await sql`create table publications (
      place text not null,
      model_id text not null,
      model_version text not null,
      artifact jsonb not null,
      files jsonb not null,
      tree_size bigint not null,
      policy text not null,
      due_at timestamptz,
      published_at timestamptz,
      inspect_at timestamptz not null,
      faults jsonb not null,
      failure jsonb,
      primary key (place, model_id, model_version))`.execute(db);
    await sql`create index publications_inspect on publications (inspect_at)`.execute(db);
  },
};
