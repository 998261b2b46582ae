import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * A time that cannot be written with four digits of a year, or that is no time, is one that nobody reads: a single row with
 * `infinity` would keep its whole table from being read. No role can write one from now on; what stands is not looked at.
 * The ledger's own tables have a rule of their own for it.
 */
export const instants: Migration = {
  up: async (db) => {
    await sql.raw(BOUND).execute(db);
    await sql`alter table alert_deliveries add constraint alert_deliveries_wanted_is_safe
      check (wanted between 0 and 9007199254740991) not valid`.execute(db);
    // What is asked of a step within SQL can be read as what it is.
    await sql`alter table finding_events add constraint finding_events_detail_is_readable check (
      detail ->> 'kind' is not distinct from kind
      and ((detail ->> 'until')::timestamptz between '1000-01-01Z' and '9998-12-31Z') is not false
      and coalesce((detail ->> 'worse')::boolean, false) in (true, false)
      and coalesce((detail ->> 'level')::integer, 0) is not null) not valid`.execute(db);
  },
};

const BOUND = `do $$
declare col record;
begin
  for col in select table_name, column_name from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE' and data_type = 'timestamp with time zone'
      and table_name not like 'kysely%'
      and table_name not in ('ledger', 'ledger_nodes', 'ledger_state', 'resignatures')
  loop
    execute format('alter table %I add constraint %I check (%I between ''1000-01-01Z'' and ''9998-12-31Z'') not valid',
      col.table_name, left(col.table_name || '_' || col.column_name, 50) || '_is_instant', col.column_name);
  end loop;
end $$`;
