import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Nobody records a statement before one that is there. Names are qualified, so that no table of the caller's own is read.
 * Rows of earlier releases stay as they are.
 */
export const ledgerOrder: Migration = {
  up: async (db) => {
    await sql`create function refuse_backdating() returns trigger language plpgsql set search_path = pg_catalog as $$
      declare newest timestamptz := (select recorded_at from countersign.ledger order by index desc limit 1);
      begin
        if not isfinite(new.recorded_at) or new.recorded_at < newest then
          raise exception 'the ledger takes nothing in at %: its last entry is of %', new.recorded_at, newest;
        end if;
        return new;
      end $$`.execute(db);
    await sql`create trigger ledger_in_order before insert on ledger
      for each row execute function refuse_backdating()`.execute(db);
  },
};
