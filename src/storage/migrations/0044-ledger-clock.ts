import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Whoever may only append records nothing as of another time than the database's clock shows: not by a stolen key as of
 * before the theft, where nothing was recorded since, and not as of a year that is yet to come, after which nothing could
 * be recorded. The owner of the table, who could take the trigger away, is held to the order alone. What the clock shows
 * is told by a function of its own, which tests that set the time replace.
 */
export const ledgerClock: Migration = {
  up: async (db) => {
    await sql`create or replace function is_now(at timestamptz) returns boolean language sql set search_path = pg_catalog as $$
      select at between clock_timestamp() - interval '5 minutes' and clock_timestamp() + interval '1 minute'
    $$`.execute(db);
    await sql`create or replace function refuse_backdating() returns trigger language plpgsql set search_path = pg_catalog as $$
      declare newest timestamptz := (select recorded_at from countersign.ledger order by index desc limit 1);
      begin
        if not isfinite(new.recorded_at) or new.recorded_at < newest then
          raise exception 'the ledger takes nothing in at %: its last entry is of %', new.recorded_at, newest;
        end if;
        if not countersign.is_now(new.recorded_at)
          and not pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
          raise exception 'the ledger takes nothing in at %: the clock of the database shows %',
            new.recorded_at, clock_timestamp() using errcode = 'CS001';
        end if;
        return new;
      end $$`.execute(db);
  },
};
