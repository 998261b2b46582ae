import { identifier, literal } from './duckdb.ts';
import type { CellValue, DecisionColumns, DecisionSource } from './parameters.ts';
import type { Table } from './table.ts';

/** What rows are counted by: a column to group by, the true outcome, or the decision. */
export interface Key {
  readonly role: 'group' | 'label' | 'decision';
  readonly column: string;
  /** Values beyond which it is not what its role says; infinite where it can have no more than two. */
  readonly most: number;
  /** The value that is the positive outcome, where its role has one. */
  readonly positive?: CellValue;
  /** SQL for the value of a row as the file has it. */
  readonly sql: string;
}

/** Rows from the start of the file in which values to show are looked for. */
const FIRST_ROWS = 8192;
/** How programs spell a value that is not there. */
const ABSENT = ['', 'nan', 'null', '<na>'];

/** The keys that decisions are counted by: group columns first. */
export function keysOf(
  { decision, label }: DecisionColumns,
  groupColumns: readonly string[],
  maxLevels: number,
): readonly Key[] {
  const groups = groupColumns.map((column) => ({ column, most: maxLevels, sql: identifier(column) }));
  return [
    ...groups.map((group) => ({ role: 'group' as const, ...group })),
    ...(label === undefined
      ? []
      : [{ role: 'label' as const, ...label, most: 2, sql: identifier(label.column) }]),
    decisionKey(decision),
  ];
}

function decisionKey(decision: DecisionSource): Key {
  const { column } = decision;
  if (decision.kind === 'prediction')
    return { role: 'decision', column, most: 2, positive: decision.positive, sql: identifier(column) };
  return {
    role: 'decision',
    column,
    most: Number.POSITIVE_INFINITY,
    positive: true,
    sql: scoreDecision(decision),
  };
}

/** A BOOLEAN; NULL for a score that is no finite number. */
function scoreDecision(source: DecisionSource & { kind: 'score' }): string {
  const score = numberOf(source.column);
  const side = source.positiveWhen === 'below' ? '<' : '>=';
  return `CASE WHEN isfinite(${score}) THEN ${score} ${side} CAST(${source.threshold} AS DOUBLE) END`;
}

/** A column as a DOUBLE; NULL where it is no number. */
export function numberOf(column: string): string {
  return `TRY_CAST(${identifier(column)} AS DOUBLE)`;
}

/** A value as text; NULL where it is missing: empty, NaN, null. */
export function textOf(sql: string): string {
  const text = `trim(CAST(${sql} AS VARCHAR))`;
  return `CASE WHEN lower(${text}) IN (${ABSENT.map(literal).join(', ')}) THEN NULL ELSE ${text} END`;
}

/** A column's value as text; NULL where it is missing. */
export function groupValue(column: string): string {
  return textOf(identifier(column));
}

/** Some values of a key, in order, from the first rows. */
export async function firstValues(table: Table, key: Key): Promise<readonly string[]> {
  const rows = await table.query(
    `SELECT DISTINCT ${textOf('k')} AS v
     FROM (SELECT DISTINCT k FROM (SELECT ${key.sql} AS k FROM ${table.source} LIMIT ${FIRST_ROWS}))
     WHERE v IS NOT NULL ORDER BY v LIMIT 5`,
  );
  return rows.map((row) => String(row['v']));
}

/** The keys that have too many values, by an estimate whose memory is the same for any file. */
export async function keysTooWide(table: Table, keys: readonly Key[]): Promise<readonly Key[]> {
  const limited = keys.filter(({ most }) => Number.isFinite(most));
  if (limited.length === 0) return [];
  const estimates = limited.map(
    ({ sql }, index) => `CAST(approx_count_distinct(${sql}) AS DOUBLE) AS e${index}`,
  );
  const [row] = await table.query(`SELECT ${estimates.join(', ')} FROM ${table.source}`);
  return limited.filter(({ most }, index) => Number(row?.[`e${index}`] ?? 0) > most * 1.2);
}
