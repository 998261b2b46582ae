import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Deployments whose traffic is, or was, blocked; one at a time of each. */
export const enforcements: Migration = {
  up: async (db) => {
    await sql`create table enforcements (
      id bigint generated always as identity primary key,
      deployment text not null,
      finding bigint not null references findings,
      dry_run boolean not null,
      block text not null unique references ledger (id),
      blocked_at timestamptz not null,
      release text unique references ledger (id),
      released_at timestamptz)`.execute(db);
    await sql`create unique index enforcements_standing on enforcements (deployment)
      where released_at is null`.execute(db);
    await sql`create index enforcements_lately on enforcements (blocked_at)`.execute(db);
  },
};
