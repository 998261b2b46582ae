import { sql } from 'kysely';
import { type Db, SCHEMA } from '../database.ts';

/** The tables of which verdicts are made: whoever reads them must read what was written. */
export const LEDGER_TABLES = ['ledger', 'ledger_nodes', 'ledger_state', 'resignatures'] as const;

/** What the line about a table says of which rows are limited by policies. */
export const LIMITS_ROWS = 'limits rows by policies';

/**
 * What the catalogue of the database says of the tables of the ledger, a line for each thing that can change what is read
 * from them or what becomes of what is written: kind, owner, heirs, rules, triggers, policies and constraints, those of other
 * tables that refer to the ledger too. Names are of our schema unless they name another.
 */
export async function ledgerCatalogue(db: Db): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    with ours as (
      select c.* from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${SCHEMA} and c.relname in (${sql.join(LEDGER_TABLES.map((name) => sql.lit(name)))}))
    select replace(line, ${`${SCHEMA}.`}, '') as line from (${TABLES} union all ${TRIGGERS} union all ${POLICIES}
      union all ${CONSTRAINTS}) as lines (line) order by line`.execute(db);
  return rows.map(({ line }) => line);
}

/** What they are. Of most of it there is a line only where it is not as of tables that nobody did anything to. */
const TABLES = sql`
  select format('%s is of kind %s', relname, relkind) from ours
  union all select format('%s ${sql.raw(LIMITS_ROWS)}', relname) from ours where relrowsecurity
  union all select format('%s limits rows for its owner too', relname) from ours where relforcerowsecurity
  union all select format('%s belongs to %s', relname, relowner::regrole) from ours where relowner <>
    (select relowner from pg_class where oid = to_regclass(${`${SCHEMA}.kysely_migration`}))
  union all select format('what is read as %s is another table', relname) from ours
    where to_regclass(relname) is distinct from oid
  union all select format('%s has also the rows of %s', relname, inhrelid::regclass)
    from pg_inherits join ours on inhparent = ours.oid
  union all select format('rule %s on %s', rulename, relname) from pg_rewrite join ours on ev_class = ours.oid`;

/** What runs when rows are written, with a digest of the function; and whose check of a foreign key does not run. */
const TRIGGERS = sql`
  select format('%s, enabled %s, source %s', pg_get_triggerdef(t.oid), tgenabled,
      left(encode(sha256(convert_to(prosrc, 'UTF8')), 'hex'), 16))
    from pg_trigger t join ours on tgrelid = ours.oid join pg_proc p on p.oid = tgfoid where not tgisinternal
  union all select format('the check of %s on %s is off', conname, tgrelid::regclass)
    from pg_trigger join pg_constraint k on k.oid = tgconstraint
    where tgisinternal and tgenabled <> 'O' and (tgrelid in (select oid from ours) or confrelid in (select oid from ours))`;

/** Which rows whom is shown. What a surface may add is limited by role, and is granted anew with each release. */
const POLICIES = sql`
  select format('policy %s on %s: %s, %s, to %s%s', polname, relname, case when polpermissive then 'permits' else 'restricts' end,
      polcmd, case when polroles = '{0}' then 'all' else array_to_string(polroles::regrole[], ' ') end,
      ', using ' || pg_get_expr(polqual, polrelid))
    from pg_policy join ours on polrelid = ours.oid`;

/** Not those that a column be given: only some versions of Postgres hold them for constraints. */
const CONSTRAINTS = sql`
  select format('%s: %s', conrelid::regclass, pg_get_constraintdef(k.oid)) from pg_constraint k
  where contype <> 'n' and (conrelid in (select oid from ours) or confrelid in (select oid from ours))`;
