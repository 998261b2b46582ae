import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who was asked again, and who came in, when nobody answered. */
export const escalation: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table escalations (
    request text not null references approval_requests,
    hop text not null,
    due_at timestamptz not null,
    taken_at timestamptz not null,
    outcome text not null check (outcome in ('asked', 'nobody', 'skipped')),
    asked jsonb not null,
    channel text,
    primary key (request, hop))`,
  `create table asks (
    request text not null references approval_requests,
    hop text not null,
    person text not null,
    due_at timestamptz not null,
    queued_at timestamptz,
    primary key (request, hop, person))`,
  'create index asks_due on asks (due_at) where queued_at is null',
  'alter table postings drop constraint postings_kind_check',
  `alter table postings add constraint postings_kind_check
    check (kind in ('approval_card', 'alert', 'approval_notice'))`,
];
