import type { Row } from './duckdb.ts';
import { type Key, numberOf, textOf } from './keys.ts';
import type { DecisionColumns } from './parameters.ts';
import type { Table } from './table.ts';

/** Rows that agree in every key of a set. */
export interface Count {
  /** The text of each key by its place; undefined where the set does not have it, null where it is missing. */
  readonly values: readonly (string | null | undefined)[];
  readonly rows: number;
  readonly weight: number;
  /** Sum of the squared weights. */
  readonly squares: number;
  /** Rows whose weight, or whose score beside the decision, is no number that can be used. */
  readonly badWeights: number;
  readonly badScores: number;
}

/** More than any honest table has, and few enough to hold. */
const MOST_COUNTS = 250_000;

/**
 * Counts the rows by sets of keys, in one pass over the file and without making text of any row's values.
 *
 * @param sets places of group keys; label and decision belong to each set. None may be part of another.
 * @returns counts by set; undefined where there are too many to hold.
 */
export async function tally(
  table: Table,
  columns: DecisionColumns,
  keys: readonly Key[],
  sets: readonly (readonly number[])[],
): Promise<readonly (readonly Count[])[] | undefined> {
  const members = sets.map((set) => keys.map(({ role }, place) => role !== 'group' || set.includes(place)));
  const rows = await rowsWithinMemory(table, statement(table, columns, keys, members));
  if (rows === undefined || rows.length > MOST_COUNTS) return undefined;
  return members.map((isMember) => {
    // DuckDB's GROUPING: one bit per key, the first highest, set where it is not grouped by.
    const mask = isMember.reduce((sum, is) => sum * 2 + (is ? 0 : 1), 0);
    return rows.filter((row) => row['mask'] === mask).map((row) => toCount(row, isMember));
  });
}

function statement(
  { source }: Table,
  columns: DecisionColumns,
  keys: readonly Key[],
  members: readonly (readonly boolean[])[],
): string {
  const names = keys.map((_, place) => `k${place}`);
  const groupings = members.map((isMember) => `(${names.filter((_, place) => isMember[place]).join(', ')})`);
  const mask = names.length === 0 ? '0' : `GROUPING(${names.join(', ')})`;
  const { inner, sums } = extras(columns);
  const values = [...keys.map(({ sql }, place) => `${sql} AS k${place}`), ...inner];
  return `
    SELECT * REPLACE (${[...names.map((name) => `${textOf(name)} AS ${name}`), 'mask AS mask'].join(', ')}) FROM (
      SELECT ${[...names, `CAST(${mask} AS DOUBLE) AS mask`, 'CAST(count(*) AS DOUBLE) AS n', ...sums].join(', ')}
      FROM (SELECT ${values.length === 0 ? '1' : values.join(', ')} FROM ${source})
      GROUP BY GROUPING SETS (${groupings.join(', ')}))
    ORDER BY ALL LIMIT ${MOST_COUNTS + 1}`;
}

/** What is summed beside the number of rows: nothing that is not asked for, because it costs time for every row. */
function extras({ decision, weight, score }: DecisionColumns): { inner: string[]; sums: string[] } {
  const countOf = (condition: string, name: string) =>
    `CAST(count(*) FILTER (WHERE NOT coalesce(${condition}, false)) AS DOUBLE) AS ${name}`;
  const scored = decision.kind === 'score' ? undefined : score?.column;
  return {
    inner: [
      ...(weight === undefined ? [] : [`${numberOf(weight)} AS w`]),
      ...(scored === undefined ? [] : [`isfinite(${numberOf(scored)}) AS s`]),
    ],
    sums: [
      ...(weight === undefined
        ? []
        : ['sum(w) AS w', 'sum(w * w) AS w2', countOf('isfinite(w) AND w >= 0', 'bad_w')]),
      ...(scored === undefined ? [] : [countOf('s', 'bad_s')]),
    ],
  };
}

/** Undefined where the counts do not fit into the database's memory. */
async function rowsWithinMemory(table: Table, sql: string): Promise<readonly Row[] | undefined> {
  try {
    return await table.query(sql);
  } catch (error) {
    if (error instanceof Error && /^Out of Memory/i.test(error.message)) return undefined;
    throw error;
  }
}

function toCount(row: Row, isMember: readonly boolean[]): Count {
  const rows = Number(row['n']);
  const weighted = Object.hasOwn(row, 'w');
  return {
    values: isMember.map((is, place) => (is ? (row[`k${place}`] as string | null) : undefined)),
    rows,
    weight: weighted ? Number(row['w']) : rows,
    squares: weighted ? Number(row['w2']) : rows,
    badWeights: Number(row['bad_w'] ?? 0),
    badScores: Number(row['bad_s'] ?? 0),
  };
}
