import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Cards of overrides are cards like those of requests, and no longer notices that are known by how they begin. */
export const overrideCards: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table postings drop constraint postings_kind_check',
  `alter table postings add constraint postings_kind_check check
    (kind in ('approval_card', 'override_card', 'alert', 'approval_notice', 'alert_note', 'alert_storm'))`,
  `update postings set kind = 'override_card', about = substr(about, length('override ') + 1)
    where kind = 'approval_notice' and about like 'override %'`,
];
