import type { Generated } from 'kysely';
import type { AccountBar, Instant } from '../domain/index.ts';

/** The rules of the configuration, with when Slack last said who is in the group. */
export interface RoleGroupsTable {
  group_id: string;
  role: string;
  confirmed_at: Instant | null;
}

/** Roles held because of a user group; rows are ended, never deleted, so that the past stays true. */
export interface RoleGrantsTable {
  id: Generated<number>;
  person: string;
  role: string;
  group_id: string;
  held_from: Instant;
  held_until: Instant | null;
  /** What proves that the bot learned it from Slack. */
  seal: Generated<string | null>;
}

/** What Slack last said of an account. */
export interface SlackAccountsTable {
  team: string;
  user_id: string;
  bar: AccountBar | null;
  /** Of their profile (IANA name); null where Slack does not say, or has not been asked since we keep it. */
  time_zone: string | null;
  confirmed_at: Instant;
}

/** Times in which people may not act because none of their accounts may; ended, never deleted. */
export interface SuspensionsTable {
  id: Generated<number>;
  person: string;
  suspended_from: Instant;
  suspended_until: Instant | null;
}
