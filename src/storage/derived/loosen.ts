import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { draftOf, type SignedTable } from './tables.ts';

/** A rule that no value stands twice in a table; how it is taken away and made again. */
interface Uniqueness {
  readonly columns: readonly string[];
  readonly drop: string;
  readonly make: string;
}

/**
 * Takes away the rules that no value stands twice, where altered rows break them on their way to the values that they had:
 * two rows that have each other's cannot be put right one after the other. What it returns makes the rules again, and holds
 * all rows to them. Nobody else sees the table without: it is locked until the transaction ends.
 */
export async function loosen(tx: Tx, table: SignedTable): Promise<() => Promise<void>> {
  const rules: Uniqueness[] = [];
  for (const rule of await rulesOf(tx, table)) if (await isInTheWay(tx, table, rule)) rules.push(rule);
  for (const { drop } of rules) await sql.raw(drop).execute(tx);
  return async () => {
    for (const { make } of rules) await sql.raw(make).execute(tx);
  };
}

/** Those that other tables refer to, and that of the key alone, stay: rows are found by their key. */
async function rulesOf(tx: Tx, { name }: SignedTable): Promise<Uniqueness[]> {
  const { rows } = await sql<Uniqueness>`
    select array(select distinct attribute.attname::text from pg_depend part
        join pg_attribute attribute on attribute.attrelid = part.refobjid and attribute.attnum = part.refobjsubid
        where part.objid in (rule.indexrelid, own.oid) and part.refobjid = rule.indrelid) as columns,
      case when own.oid is null then format('drop index %s', rule.indexrelid::regclass)
        else format('alter table %s drop constraint %I', rule.indrelid::regclass, own.conname) end as drop,
      case when own.oid is null then pg_get_indexdef(rule.indexrelid)
        else format('alter table %s add constraint %I %s', rule.indrelid::regclass, own.conname,
          pg_get_constraintdef(own.oid)) end as make
    from pg_index rule left join pg_constraint own
      on own.conindid = rule.indexrelid and own.contype in ('p', 'u')
    where rule.indisunique and rule.indrelid = ${name}::regclass and not exists (
      select 1 from pg_constraint other where other.contype = 'f' and other.conindid = rule.indexrelid)`.execute(
    tx,
  );
  return rows;
}

/** Whether a row that is to be altered would have another value in a column that the rule is about. */
async function isInTheWay(tx: Tx, { name, key, signed }: SignedTable, rule: Uniqueness): Promise<boolean> {
  const differing = rule.columns
    .filter((column) => signed.includes(column) && column !== key)
    .map((column) => sql`stored.${sql.ref(column)} is distinct from draft.${sql.ref(column)}`);
  if (differing.length === 0) return false;
  const { rows } = await sql`select 1 from ${sql.ref(name)} stored join ${sql.ref(draftOf(name))} draft
    on draft.${sql.ref(key)} = stored.${sql.ref(key)} where ${sql.join(differing, sql` or `)} limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}
