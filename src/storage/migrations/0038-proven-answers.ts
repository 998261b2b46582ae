import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Answers by API are sealed once the bot has seen the secret of their token: those before had no other proof than being there. */
export const provenAnswers: Migration = {
  up: async (db) => {
    await sql`
      update inbox set seal = 'of an earlier release'
      where source = 'api' and processed_at is not null
        and id in (select arrival from statement_arrivals)`.execute(db);
  },
};
