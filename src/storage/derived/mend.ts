import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { RowDifference } from './differences.ts';
import { draftOf, type SignedTable } from './tables.ts';

/** Puts rows of one table, all of one kind of difference, right. */
export async function mendRows(
  tx: Tx,
  table: SignedTable,
  differences: readonly RowDifference[],
): Promise<void> {
  const rows = differences.map(({ row }) => row);
  switch (differences[0]?.kind) {
    case 'extra':
      return remove(tx, table, rows);
    case 'altered':
      return correct(tx, table, rows);
    case 'missing':
      return restore(tx, table, rows);
  }
}

async function remove(tx: Tx, { name, key, dependents }: SignedTable, rows: string[]): Promise<void> {
  for (const [dependent, column] of dependents)
    await sql`delete from ${sql.ref(dependent)} where ${sql.ref(column)} = any(${rows})`.execute(tx);
  await sql`delete from ${sql.ref(name)} where ${sql.ref(key)} = any(${rows})`.execute(tx);
}

async function correct(tx: Tx, { name, key, signed }: SignedTable, rows: string[]): Promise<void> {
  const set = signed.map((column) => sql`${sql.ref(column)} = draft.${sql.ref(column)}`);
  await sql`update ${sql.ref(name)} stored set ${sql.join(set)} from ${sql.ref(draftOf(name))} draft
    where draft.${sql.ref(key)} = stored.${sql.ref(key)}
      and stored.${sql.ref(key)} = any(${rows})`.execute(tx);
}

/** What no statement holds is what can be told of it, else nothing. */
async function restore(tx: Tx, { name, key }: SignedTable, rows: string[]): Promise<void> {
  await sql`insert into ${sql.ref(name)}
    select whole.* from ${sql.ref(draftOf(name))} draft,
      jsonb_populate_record(null::${sql.ref(name)}, to_jsonb(draft) || draft.lost) whole
    where draft.${sql.ref(key)} = any(${rows})`.execute(tx);
}
