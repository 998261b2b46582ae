import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { Tables } from '../tables.ts';

/** A table of which each row was opened by a statement of the ledger. */
export interface DerivedTable {
  readonly name: keyof Tables;
  /** The column with the id of the statement that opened the row. */
  readonly key: string;
  /** Columns that no statement holds: they are kept as they are. */
  readonly unsigned: readonly string[];
  /** Other tables whose rows go with a row, and the column that names it. */
  readonly dependents: readonly (readonly [table: keyof Tables, column: string])[];
}

/** Every such table, those that others refer to first. What no statement holds is listed in docs/operations.md too. */
export const DERIVED_TABLES: readonly DerivedTable[] = [
  { name: 'stage_results', key: 'statement', unsigned: ['results', 'isolation'], dependents: [] },
  { name: 'records', key: 'statement', unsigned: [], dependents: [] },
  { name: 'renewals', key: 'statement', unsigned: [], dependents: [] },
  {
    name: 'approval_requests',
    key: 'id',
    unsigned: ['view', 'superseded_at', 'ending', 'lapsed_at'],
    dependents: [
      ['escalations', 'request'],
      ['asks', 'request'],
    ],
  },
  { name: 'approval_decisions', key: 'statement', unsigned: ['reason', 'reason_salt'], dependents: [] },
  {
    name: 'overrides',
    key: 'id',
    unsigned: [
      ...['wish', 'reason', 'reason_salt', 'informed', 'needs_confirmation'],
      ...['documentation', 'documentation_salt'],
    ],
    dependents: [['override_milestones', 'override']],
  },
  { name: 'delegations', key: 'id', unsigned: ['reason', 'reason_salt'], dependents: [] },
];

/** A derived table with its columns that statements hold, in the table's order. */
export interface SignedTable extends DerivedTable {
  readonly signed: readonly string[];
}

/** Reads the columns of the derived tables: whatever is not said to be unsigned must be in a statement. */
export async function signedTables(tx: Tx): Promise<SignedTable[]> {
  const names = DERIVED_TABLES.map(({ name }) => name);
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select table_name as name, json_agg(column_name order by ordinal_position) as columns
    from information_schema.columns
    where table_schema = current_schema() and table_name = any(${names}) group by table_name`.execute(tx);
  const columnsOf = new Map(rows.map(({ name, columns }) => [name, columns]));
  return DERIVED_TABLES.map((table) => ({
    ...table,
    signed: (columnsOf.get(table.name) ?? []).filter((column) => !table.unsigned.includes(column)),
  }));
}

/** The temporary table in which a table is derived anew. */
export function draftOf(table: string): string {
  return `rebuilt_${table}`;
}
