import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What it takes to keep every copy of a card true: which copies are behind, whose turn it is in a channel, and under
 * which opaque names a card was sent, so that one that was sent twice without our knowing works only once.
 */
export const deliveries: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `alter table postings
    add column thread text not null default '',
    add column stands_in text,
    add column presentation text`,
  'alter table postings drop constraint postings_kind_about_channel_key',
  'alter table postings add constraint postings_place unique (kind, about, channel, thread)',
  'create index postings_presentation on postings (presentation)',
  `create table presentations (
    id text primary key,
    posting text not null references postings,
    begun_at timestamptz not null)`,
  'create index presentations_posting on presentations (posting)',
  `create table deliveries (
    posting text primary key references postings,
    channel text not null,
    wanted bigint not null,
    shown bigint not null,
    wanted_at timestamptz not null,
    due_at timestamptz not null,
    tries integer not null)`,
  'create index deliveries_due on deliveries (channel, wanted_at) where shown < wanted',
  `create table channel_turns (
    channel text primary key,
    free_at timestamptz not null)`,
];
