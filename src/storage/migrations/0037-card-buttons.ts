import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Buttons say what they mean, by the mark of the bot: cards of earlier releases that can still be answered are shown anew. */
export const cardButtons: Migration = {
  up: async (db) => {
    await sql`
      update deliveries set wanted = wanted + 1, wanted_at = now(), due_at = now()
      where shown = wanted and posting in (
        select p.id from postings p join approval_requests r on r.id = p.about
        where p.kind = 'approval_card' and r.decided_at is null and r.superseded_at is null
        union all
        select p.id from postings p join overrides o on o.id = p.about
        where p.kind = 'override_card' and o.documented_at is null)`.execute(db);
  },
};
