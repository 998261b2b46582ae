import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What Slack has told of people's roles: who was in which user group when, and whose account may not act. */
export const roleGrants: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table role_groups (
    group_id text not null,
    role text not null,
    confirmed_at timestamptz,
    primary key (group_id, role))`,
  `create table role_grants (
    id bigint generated always as identity primary key,
    person text not null,
    role text not null,
    group_id text not null,
    held_from timestamptz not null,
    held_until timestamptz check (held_until >= held_from))`,
  'create unique index role_grants_standing on role_grants (person, role, group_id) where held_until is null',
  `create table slack_accounts (
    team text not null,
    user_id text not null,
    bar text,
    confirmed_at timestamptz not null,
    primary key (team, user_id))`,
  `create table suspensions (
    id bigint generated always as identity primary key,
    person text not null,
    suspended_from timestamptz not null,
    suspended_until timestamptz check (suspended_until >= suspended_from))`,
  'create unique index suspensions_standing on suspensions (person) where suspended_until is null',
];
