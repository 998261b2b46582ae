import { type Parsed, type Problem, parsed, unparsed } from '../../lib/index.ts';
import { counted, quoted } from '../report.ts';
import { identifier, literal, type Row } from './duckdb.ts';
import type { CellValue, DecisionColumns } from './parameters.ts';
import type { Table } from './table.ts';

/** SQL by which a row's outcome, decision and weight are read. */
export interface Coding {
  /** BOOLEAN, or NULL where no label column is known. */
  readonly actual: string;
  readonly decided: string;
  readonly weight: string;
}

const WHERE = 'predictions';

/** Refuses a table whose counts would mean nothing; otherwise says how to read it. */
export async function validateDecisions(
  table: Table,
  columns: DecisionColumns,
  groupColumns: readonly string[],
  maxLevels: number,
): Promise<Parsed<{ rows: number; coding: Coding }>> {
  const unknown = unknownColumns(table, columns, groupColumns);
  if (unknown.length > 0) return unparsed(unknown);
  const counts =
    (await table.query(`SELECT ${tallies(columns, groupColumns).join(', ')} FROM ${table.source}`))[0] ?? {};
  const rows = Number(counts['n'] ?? 0);
  if (rows === 0) return unparsed([{ where: WHERE, message: 'has no rows' }]);
  const outcome = await codingOf(table, columns);
  const problems = [...countProblems(counts, columns, groupColumns, maxLevels), ...outcome.problems];
  return problems.length > 0 ? unparsed(problems) : parsed({ rows, coding: outcome.coding });
}

function unknownColumns(table: Table, columns: DecisionColumns, groupColumns: readonly string[]): Problem[] {
  const { decision, label, weight, rowId, score } = columns;
  const named = [decision.column, label?.column, weight, rowId, score?.column, ...groupColumns];
  const unknown = [...new Set(named)].filter((name) => name !== undefined && !table.columns.includes(name));
  return unknown.map((name) => ({
    where: WHERE,
    message: `has no column ${quoted(name ?? '')}`,
    fix: `its columns are ${table.columns.slice(0, 30).map(quoted).join(', ')}`,
  }));
}

/** One aggregate per thing that could be wrong, so that one pass over the file finds them all. */
function tallies(
  { decision, label, weight, rowId, score }: DecisionColumns,
  groupColumns: readonly string[],
): string[] {
  const count = (condition: string, name: string) =>
    `CAST(count(*) FILTER (WHERE ${condition}) AS DOUBLE) AS ${name}`;
  const missing = (column: string) => `coalesce(trim(CAST(${identifier(column)} AS VARCHAR)), '') = ''`;
  const noNumber = (column: string) => `NOT coalesce(isfinite(${number(column)}), false)`;
  const scoreColumn = decision.kind === 'score' ? decision.column : score?.column;
  return [
    'CAST(count(*) AS DOUBLE) AS n',
    count(missing(decision.column), 'no_decision'),
    ...(label === undefined ? [] : [count(missing(label.column), 'no_label')]),
    ...(scoreColumn === undefined ? [] : [count(noNumber(scoreColumn), 'bad_score')]),
    ...(weight === undefined ? [] : [count(`${noNumber(weight)} OR ${number(weight)} < 0`, 'bad_weight')]),
    ...(rowId === undefined
      ? []
      : [`CAST(count(*) - count(DISTINCT ${identifier(rowId)}) AS DOUBLE) AS repeated`]),
    ...groupColumns.map(
      (column, index) =>
        `CAST(count(DISTINCT CAST(${identifier(column)} AS VARCHAR)) AS DOUBLE) AS l${index}`,
    ),
  ];
}

function countProblems(
  counts: Row,
  columns: DecisionColumns,
  groupColumns: readonly string[],
  maxLevels: number,
): Problem[] {
  const decision = quoted(columns.decision.column);
  const rules: readonly (readonly [string, string])[] = [
    ['no_decision', `without a value in ${decision}`],
    ['no_label', `without a value in ${quoted(columns.label?.column ?? '')}`],
    ['bad_score', 'with a score that is no finite number'],
    ['bad_weight', 'with a weight that is no finite number of at least 0'],
    ['repeated', `that repeat or lack the row id ${quoted(columns.rowId ?? '')}`],
  ];
  const found = rules
    .map(([name, message]) => ({ rows: Number(counts[name] ?? 0), message }))
    .filter(({ rows }) => rows > 0)
    .map(({ rows, message }) => ({ where: WHERE, message: `${counted(rows, 'row')} ${message}` }));
  const wide = groupColumns
    .map((column, index) => ({ column, levels: Number(counts[`l${index}`] ?? 0) }))
    .filter(({ levels }) => levels > maxLevels)
    .map(({ column, levels }) => ({
      where: WHERE,
      message: `column ${quoted(column)} has ${levels} values, more than ${maxLevels}: an id or a measurement rather than a group`,
      fix: 'put the values into bands',
    }));
  return [...found, ...wide];
}

async function codingOf(
  table: Table,
  { decision, label, weight }: DecisionColumns,
): Promise<{ coding: Coding; problems: Problem[] }> {
  const actual = label === undefined ? undefined : await binary(table, label.column, label.positive);
  const decided =
    decision.kind === 'score' ? undefined : await binary(table, decision.column, decision.positive);
  const outside =
    actual === undefined ||
    decided === undefined ||
    decision.kind === 'score' ||
    label?.positive !== decision.positive
      ? []
      : decided.values.filter((value) => actual.values.length > 1 && !actual.values.includes(value));
  const strange = outside.map((value) => ({
    where: WHERE,
    message: `${quoted(decision.column)} has the value ${quoted(value)}, which ${quoted(label?.column ?? '')} never has`,
    fix: 'give decisions, not scores; set positive_label when the two columns are spelled differently',
  }));
  return {
    problems: [...(actual?.problems ?? []), ...(decided?.problems ?? []), ...strange],
    coding: {
      actual: actual?.sql ?? 'CAST(NULL AS BOOLEAN)',
      decided: decision.kind === 'score' ? scoreDecision(decision) : (decided?.sql ?? 'false'),
      weight: weight === undefined ? 'CAST(1 AS DOUBLE)' : number(weight),
    },
  };
}

function scoreDecision({
  column,
  threshold,
  positiveWhen,
}: {
  column: string;
  threshold: number;
  positiveWhen: string;
}): string {
  return `${number(column)} ${positiveWhen === 'below' ? '<' : '>='} CAST(${threshold} AS DOUBLE)`;
}

interface Binary {
  readonly values: readonly string[];
  readonly sql: string;
  readonly problems: readonly Problem[];
}

/** A column with at most two values, one of which is the positive one. */
async function binary(table: Table, column: string, positive: CellValue): Promise<Binary> {
  const text = `CAST(${identifier(column)} AS VARCHAR)`;
  const rows = await table.query(
    `SELECT DISTINCT ${text} AS v FROM ${table.source} WHERE ${text} IS NOT NULL ORDER BY v LIMIT 6`,
  );
  const values = rows.map((row) => String(row['v']));
  const matching = values.filter((value) => isSame(value, positive));
  const shown = values.slice(0, 5).map(quoted).join(', ');
  const wrong = (message: string, fix: string): Problem => ({
    where: WHERE,
    message: `${quoted(column)} ${message}`,
    fix,
  });
  const problems = [
    ...(values.length > 2
      ? [
          wrong(
            `has more than two values (${shown}, …)`,
            'give decisions; for scores set score and threshold',
          ),
        ]
      : []),
    ...(values.length === 2 && matching.length === 0
      ? [
          wrong(
            `never has the positive value ${quoted(String(positive))} (it has ${shown})`,
            'set positive_outcome or positive_label',
          ),
        ]
      : []),
  ];
  const sql =
    matching.length === 0 ? 'false' : `coalesce(${text} IN (${matching.map(literal).join(', ')}), false)`;
  return { values, sql, problems };
}

function isSame(text: string, positive: CellValue): boolean {
  if (typeof positive === 'boolean') return text.toLowerCase() === String(positive);
  if (text === String(positive)) return true;
  return text.trim() !== '' && String(positive).trim() !== '' && Number(text) === Number(positive);
}

function number(column: string): string {
  return `TRY_CAST(${identifier(column)} AS DOUBLE)`;
}
