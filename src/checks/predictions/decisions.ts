import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import { identifier, literal, type Row } from './duckdb.ts';
import type { DecisionColumns } from './parameters.ts';
import { reasonOf, type Table } from './table.ts';
import { type Coding, validateDecisions } from './validate.ts';

/** Rows that agree in their group, their true outcome and their decision. */
export interface Cell {
  /** The row's value in each column of the set; null where it is missing. */
  readonly group: readonly (string | null)[];
  /** The true outcome; null where no label column is known. */
  readonly actual: boolean | null;
  readonly decided: boolean;
  readonly rows: number;
  readonly weight: number;
  /** Sum of the squared weights, for the effective number of rows. */
  readonly squares: number;
}

/** All rows of the table, counted by each asked set of columns. */
export interface Decisions {
  readonly rows: number;
  /** Cells by set, in the order of the sets asked for. */
  readonly sets: readonly (readonly Cell[])[];
  /** How the columns were read, for further queries. */
  readonly coding: Coding;
}

/**
 * Counts the rows by each set of columns in one pass, after refusing what would make the counts meaningless:
 * no rows, missing or non-binary outcomes, scores or weights that are no numbers, repeated row ids, columns with
 * more than `maxLevels` values.
 */
export async function readDecisions(
  table: Table,
  columns: DecisionColumns,
  sets: readonly (readonly string[])[],
  maxLevels: number,
): Promise<Parsed<Decisions>> {
  try {
    const groupColumns = [...new Set(sets.flat())];
    const valid = await validateDecisions(table, columns, groupColumns, maxLevels);
    if (!valid.ok) return valid;
    const { rows, coding } = valid.value;
    return parsed({ rows, coding, sets: await countCells(table, coding, groupColumns, sets) });
  } catch (error) {
    return unparsed([{ where: 'predictions', message: `cannot be read: ${reasonOf(error)}` }]);
  }
}

async function countCells(
  table: Table,
  coding: Coding,
  groupColumns: readonly string[],
  sets: readonly (readonly string[])[],
): Promise<Cell[][]> {
  const names = groupColumns.map((_, index) => `g${index}`);
  const groups = groupColumns.map((column, index) => `${groupValue(column)} AS g${index}`);
  const inner = [...groups, `${coding.actual} AS y`, `${coding.decided} AS d`, `${coding.weight} AS w`].join(
    ', ',
  );
  const groupings = sets.map(
    (set) => `(${[...set.map((column) => names[groupColumns.indexOf(column)]), 'y', 'd'].join(', ')})`,
  );
  const mask = names.length === 0 ? '0' : `GROUPING(${names.join(', ')})`;
  const result = await table.query(`
    SELECT ${[...names, 'y', 'd'].join(', ')}, CAST(${mask} AS DOUBLE) AS mask,
      CAST(count(*) AS DOUBLE) AS n, sum(w) AS w, sum(w * w) AS w2
    FROM (SELECT ${inner} FROM ${table.source})
    GROUP BY GROUPING SETS (${groupings.join(', ')})
    ORDER BY ALL`);
  return sets.map((set) => {
    const wanted = maskOf(set, groupColumns);
    const places = set.map((column) => groupColumns.indexOf(column));
    return result.filter((row) => row['mask'] === wanted).map((row) => toCell(row, places));
  });
}

/** DuckDB's GROUPING: one bit per column, the first highest, set where the column is not grouped by. */
function maskOf(set: readonly string[], columns: readonly string[]): number {
  return columns.reduce((mask, column) => mask * 2 + (set.includes(column) ? 0 : 1), 0);
}

function toCell(row: Row, places: readonly number[]): Cell {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return {
    group: places.map((place) => text(row[`g${place}`])),
    actual: row['y'] === null ? null : row['y'] === true,
    decided: row['d'] === true,
    rows: Number(row['n']),
    weight: Number(row['w']),
    squares: Number(row['w2']),
  };
}

/** A column's value as text; empty text and NaN count as missing. */
export function groupValue(column: string): string {
  const text = `trim(CAST(${identifier(column)} AS VARCHAR))`;
  return `CASE WHEN ${text} IN (${literal('')}, ${literal('nan')}) THEN NULL ELSE ${text} END`;
}
