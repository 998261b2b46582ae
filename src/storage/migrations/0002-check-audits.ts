import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Audits of checks, the runs that a rerun queued, and which checks a stage ran, so that both find who relied on them. */
export const checkAudits: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table check_audits (
    id bigint generated always as identity primary key,
    check_name text not null,
    version text not null,
    audited_at timestamptz not null,
    outcome text not null check (outcome in ('right', 'unreliable', 'unproven')),
    answers jsonb not null,
    gaps jsonb not null,
    right_cases jsonb not null)`,
  'create index check_audits_newest on check_audits (check_name, audited_at desc, id desc)',
  `create table reruns (
    run_id text primary key references runs,
    of_run text not null references runs,
    check_name text not null,
    check_version text not null,
    since timestamptz not null,
    asked_by jsonb not null,
    asked_at timestamptz not null)`,
  'create index reruns_of on reruns (of_run)',
  `alter table stage_results add column checks jsonb not null default '[]'`,
  `update stage_results set checks =
    (select coalesce(jsonb_agg(result -> 'check'), '[]') from jsonb_array_elements(results) as result)`,
  'alter table stage_results alter column checks drop default',
  'create index stage_results_checks on stage_results using gin (checks jsonb_path_ops)',
];
