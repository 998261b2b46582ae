import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Deployments that cannot be seen any more, how the sources stand, and what serving processes say of themselves. */
export const inventory: Migration = {
  up: async (db) => {
    await sql`alter table deployments add column stale_since timestamptz`.execute(db);
    await sql`create table inventory_sources (
      name text primary key,
      looked_at timestamptz not null,
      seen_at timestamptz,
      failing_since timestamptz,
      problem text,
      deployments integer not null,
      check ((problem is null) = (failing_since is null)))`.execute(db);
    await sql`create table deployment_reports (
      environment text not null,
      deployment text not null,
      subject text not null,
      instance text not null,
      model_id text not null,
      model_version text not null,
      digest text,
      replicas integer not null,
      since timestamptz not null,
      reported_at timestamptz not null,
      expires_at timestamptz not null,
      primary key (environment, deployment, subject, instance))`.execute(db);
  },
};
