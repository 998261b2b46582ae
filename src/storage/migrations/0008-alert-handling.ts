import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What happened to each finding and who did it, and which findings were told together because they were too many. */
export const alertHandling: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table storms (
    id bigint generated always as identity primary key,
    kind text,
    began_at timestamptz not null)`,
  `alter table findings
    add column storm bigint references storms,
    add column apart boolean not null default false`,
  'create index findings_storm on findings (storm) where storm is not null',
  'create index findings_fired on findings (fired_at)',
  // `source` names what caused an event: the same cause is one event.
  `create table finding_events (
    id bigint generated always as identity primary key,
    finding bigint not null references findings,
    kind text not null,
    detail jsonb not null,
    person text,
    at timestamptz not null,
    source text unique)`,
  'create index finding_events_finding on finding_events (finding, id)',
  'alter table postings drop constraint postings_kind_check',
  `alter table postings add constraint postings_kind_check
    check (kind in ('approval_card', 'alert', 'approval_notice', 'alert_note', 'alert_storm'))`,
];
