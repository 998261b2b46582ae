import { type RawBuilder, sql } from 'kysely';
import { canonicalJson } from '../../lib/index.ts';
import type { Tx } from '../database.ts';
import { draftOf, type SignedTable } from './tables.ts';

/** A value of a column, as JSON has it. */
export type ColumnValue = string | number | boolean | null | object;

/** A row that is not as the statements say. */
export interface RowDifference {
  readonly table: string;
  /** Which row: its key. */
  readonly row: string;
  /** `extra` rests on no statement that counts; `unproved` holds other words or reports than those of which the digest was signed. */
  readonly kind: 'extra' | 'altered' | 'missing' | 'unproved';
  /** Columns that differ, of an `altered` or `unproved` row; the values of unproved ones are not told. */
  readonly columns: readonly {
    readonly column: string;
    readonly stored: ColumnValue;
    readonly derived: ColumnValue;
  }[];
}

/** Kinds of difference between what is stored and the draft. */
type DraftedKind = Exclude<RowDifference['kind'], 'unproved'>;

type Row = Readonly<Record<string, ColumnValue>>;

const PAGE = 500;

/** Rows of one kind of difference in a table, in pages: however many there are, few are held at a time. */
export async function* differingRows(
  tx: Tx,
  table: SignedTable,
  kind: DraftedKind,
): AsyncGenerator<RowDifference[]> {
  await sql`declare differing no scroll cursor for ${selection(table, kind)}`.execute(tx);
  for (;;) {
    const { rows } = await sql<{ row: string; stored: Row | null; derived: Row | null }>`
      fetch forward ${sql.lit(PAGE)} from differing`.execute(tx);
    if (rows.length === 0) break;
    yield rows.map(({ row, stored, derived }) => ({
      table: table.name,
      row,
      kind,
      columns: kind === 'altered' && stored && derived ? altered(stored, derived) : [],
    }));
  }
  await sql`close differing`.execute(tx);
}

function altered(stored: Row, derived: Row): RowDifference['columns'] {
  return Object.keys(derived)
    .toSorted()
    .flatMap((column) => {
      const [is, should] = [stored[column] ?? null, derived[column] ?? null];
      return canonicalJson(is) === canonicalJson(should) ? [] : [{ column, stored: is, derived: should }];
    });
}

function selection({ name, key, signed }: SignedTable, kind: DraftedKind): RawBuilder<unknown> {
  const columns = sql.join(signed.map((column) => sql.ref(column)));
  const stored = sql`(select ${columns} from ${sql.ref(name)}) stored`;
  const draft = sql`(select ${columns} from ${sql.ref(draftOf(name))}) draft`;
  const same = sql`stored.${sql.ref(key)} = draft.${sql.ref(key)}`;
  const rows = sql`to_jsonb(stored) as stored, to_jsonb(draft) as derived`;
  if (kind === 'altered')
    return sql`select stored.${sql.ref(key)} as row, ${rows} from ${stored} join ${draft} on ${same}
      where to_jsonb(stored) is distinct from to_jsonb(draft) order by 1`;
  const [one, other] = kind === 'extra' ? [stored, draft] : [draft, stored];
  const [there, not] = kind === 'extra' ? ['stored', 'draft'] : ['draft', 'stored'];
  return sql`select ${sql.ref(there)}.${sql.ref(key)} as row, ${rows} from ${one} left join ${other} on ${same}
    where ${sql.ref(not)}.${sql.ref(key)} is null order by 1`;
}
