import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Renewals by record, and what was last reported of the inputs of model versions. */
export const renewals: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table renewals (
    statement text primary key,
    record text not null,
    number integer not null check (number >= 1),
    renewed_at timestamptz not null,
    valid_until timestamptz not null,
    unique (record, number))`,
  `create table input_reports (
    model_id text not null,
    model_version text not null,
    artifact_digest text not null,
    subject text not null,
    reporter jsonb not null,
    digests jsonb not null,
    reported_at timestamptz not null,
    primary key (model_id, model_version, artifact_digest, subject))`,
];
