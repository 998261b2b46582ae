import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Confirmations of tokens and roles of user groups are sealed by the bot. What an earlier release kept has no seal: people
 * are asked about their tokens again, and the bot has Slack say again who is in which group.
 */
export const seals: Migration = {
  up: async (db) => {
    await sql`alter table tokens add column seal text`.execute(db);
    await sql`alter table role_grants add column seal text`.execute(db);
    await sql`
      with asked as (
        update tokens set confirmed_at = null, confirmed_by = null
        where confirmed_at is not null and revoked_at is null and expires_at > now() returning id)
      insert into outbox (queue, name, payload, created_at, next_at, tries)
      select 'slack', 'show-token', jsonb_build_object('tokenId', id), now(), now(), 0 from asked`.execute(
      db,
    );
  },
};
