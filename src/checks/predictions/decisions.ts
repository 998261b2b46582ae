import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import { type Coding, type OutcomeCoding, type Outcomes, outcomeCoding } from './coding.ts';
import { PREDICTIONS } from './columns.ts';
import { type Counted, countRows, placesOf } from './counted.ts';
import { type Key, keysOf } from './keys.ts';
import type { DecisionColumns } from './parameters.ts';
import { repeatedIds } from './row-ids.ts';
import { reasonOf, type Table } from './table.ts';
import type { Count } from './tally.ts';
import { countProblems, unknownColumns } from './validate.ts';

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
  /** Cells by set, in the order of the sets asked for. Several cells of a set may agree in everything. */
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
  const groupColumns = [...new Set(sets.flat())];
  const unknown = unknownColumns(table, columns, groupColumns);
  if (unknown.length > 0) return unparsed(unknown);
  try {
    return await count(table, columns, sets, keysOf(columns, groupColumns, maxLevels));
  } catch (error) {
    return unparsed([{ where: PREDICTIONS, message: `cannot be read: ${reasonOf(error)}` }]);
  }
}

async function count(
  table: Table,
  columns: DecisionColumns,
  sets: readonly (readonly string[])[],
  keys: readonly Key[],
): Promise<Parsed<Decisions>> {
  const counted = await countRows(table, columns, keys, sets);
  const outcomes = outcomeCoding(columns, counted);
  const problems = [
    ...countProblems(counted, columns),
    ...outcomes.problems,
    ...(await repeatedIds(table, columns.rowId, counted.rows)),
  ];
  if (problems.length > 0) return unparsed(problems);
  return parsed({
    rows: counted.rows,
    coding: outcomes.coding,
    sets: sets.map((set) => cellsOf(set, counted, outcomes)),
  });
}

/** The cells of a set, from the counts of one that holds all its columns. */
function cellsOf(
  columns: readonly string[],
  { keys, sets }: Counted,
  { label, decision }: OutcomeCoding,
): readonly Cell[] {
  const places = placesOf(columns, keys);
  const counts = sets.find((set) => places.every((place) => set.places.includes(place)))?.counts ?? [];
  const isPositive = ({ values }: Count, { place, positive }: Outcomes) => positive.has(values[place] ?? '');
  return counts.map((count) => ({
    group: places.map((place) => count.values[place] ?? null),
    actual: label === undefined ? null : isPositive(count, label),
    decided: decision !== undefined && isPositive(count, decision),
    rows: count.rows,
    weight: count.weight,
    squares: count.squares,
  }));
}
