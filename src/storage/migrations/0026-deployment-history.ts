import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What was deployed where, from when to when. */
export const deploymentHistory: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table deployment_history (
    id bigint generated always as identity primary key,
    key text not null,
    source text not null,
    environment text not null,
    model_id text not null,
    model_version text not null,
    digest text,
    observation jsonb not null,
    valid_from timestamptz not null,
    valid_to timestamptz check (valid_to >= valid_from))`,
  'create unique index deployment_history_open on deployment_history (key) where valid_to is null',
  'create index deployment_history_of_model on deployment_history (model_id, valid_from)',
];
