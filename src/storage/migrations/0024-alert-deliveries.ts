import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who is told of which finding, and how far each receiver has been told. */
export const alertDeliveries: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table alert_deliveries (
    finding bigint not null references findings,
    receiver text not null,
    added_at timestamptz not null,
    wanted bigint not null default 1,
    told bigint not null default 0,
    event bigint not null default 0,
    due_at timestamptz,
    tries integer not null default 0,
    told_at timestamptz,
    failure text,
    primary key (finding, receiver))`,
  'create index alert_deliveries_due on alert_deliveries (receiver, due_at) where due_at is not null',
  `create table alert_receivers (
    name text primary key,
    address text not null,
    tries integer not null default 0,
    rests_until timestamptz,
    failing_since timestamptz,
    failure text,
    told_at timestamptz,
    gone_at timestamptz)`,
  // What ended before is told to nobody new.
  'alter table findings add column routed_at timestamptz',
  `update findings set routed_at = resolved_at where state = 'resolved'`,
  'create index findings_unrouted on findings (id) where routed_at is null',
];
