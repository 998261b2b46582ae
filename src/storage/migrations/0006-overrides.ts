import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Overrides, as cards and lists show them, and the moments of their lives at which people were told. */
export const overrides: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table overrides (
    id text primary key,
    wish text not null unique,
    model_id text not null,
    model_version text not null,
    environment text not null,
    artifact jsonb not null,
    person text not null,
    reason text,
    reason_salt text not null,
    reference text,
    unmet jsonb not null,
    informed jsonb not null,
    needs_confirmation boolean not null,
    granted_at timestamptz not null,
    expires_at timestamptz not null,
    documentation_due_at timestamptz not null,
    confirmed_by text,
    confirmation text,
    confirmed_at timestamptz,
    documented_by text,
    documentation_statement text,
    documentation text,
    documentation_salt text,
    documented_at timestamptz)`,
  'create index overrides_model on overrides (model_id, granted_at)',
  `create table override_milestones (
    override text not null references overrides,
    milestone text not null,
    taken_at timestamptz not null,
    primary key (override, milestone))`,
];
