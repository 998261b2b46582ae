import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Checkpoints of the ledger that are published: which, and since when. */
export const checkpoints: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table checkpoints (
    tree_size bigint primary key check (tree_size >= 0),
    note text not null,
    queued_at timestamptz not null)`,
  'alter table postings drop constraint postings_kind_check',
  `alter table postings add constraint postings_kind_check check (kind in
    ('approval_card', 'override_card', 'alert', 'approval_notice', 'alert_note', 'alert_storm', 'checkpoint'))`,
];
