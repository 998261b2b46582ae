import type { Problem } from '../../lib/index.ts';
import { counted as numbered, quoted } from '../report.ts';
import { PREDICTIONS } from './columns.ts';
import type { Counted } from './counted.ts';
import type { Key } from './keys.ts';
import type { DecisionColumns } from './parameters.ts';
import type { Table } from './table.ts';
import type { Count } from './tally.ts';

/** Columns that the parameters name and the file does not have. */
export function unknownColumns(
  table: Table,
  columns: DecisionColumns,
  groupColumns: readonly string[],
): readonly Problem[] {
  const { decision, label, weight, rowId, score } = columns;
  const named = [decision.column, label?.column, weight, rowId, score?.column, ...groupColumns];
  const unknown = [...new Set(named)].filter((name) => name !== undefined && !table.columns.includes(name));
  return unknown.map((name) => ({
    where: PREDICTIONS,
    message: `has no column ${quoted(name ?? '')}`,
    fix: `its columns are ${table.columns.slice(0, 30).map(quoted).join(', ')}`,
  }));
}

/** What would make the counts meaningless. */
export function countProblems(counted: Counted, columns: DecisionColumns): readonly Problem[] {
  if (counted.rows === 0) return [{ where: PREDICTIONS, message: 'has no rows' }];
  return [...rowProblems(counted, columns), ...counted.wide.map(({ key, values }) => tooWide(key, values))];
}

function rowProblems(
  { keys, sets }: Counted,
  { decision, label, score, weight }: DecisionColumns,
): Problem[] {
  const counts = sets[0]?.counts ?? [];
  const missing = (role: Key['role']) => {
    const place = keys.findIndex((key) => key.role === role);
    return sum(counts, ({ values, rows }) => (values[place] === null ? rows : 0));
  };
  const noScore = 'with a score that is no finite number';
  const rules: readonly (readonly [number, string])[] = [
    [
      missing('decision'),
      decision.kind === 'score' ? noScore : `without a value in ${quoted(decision.column)}`,
    ],
    [missing('label'), `without a value in ${quoted(label?.column ?? '')}`],
    [score === undefined ? 0 : sum(counts, ({ badScores }) => badScores), noScore],
    [sum(counts, ({ badWeights }) => badWeights), 'with a weight that is no finite number of at least 0'],
  ];
  const found = rules
    .filter(([rows]) => rows > 0)
    .map(([rows, message]) => ({ where: PREDICTIONS, message: `${numbered(rows, 'row')} ${message}` }));
  return found.length > 0 || counts.every(hasUsableSums)
    ? found
    : [
        {
          where: PREDICTIONS,
          message: `weights in ${quoted(weight ?? '')} are too large or too small to be added up`,
          fix: 'scale them so that their mean is 1',
        },
      ];
}

function hasUsableSums({ weight, squares }: Count): boolean {
  return Number.isFinite(squares) && (weight === 0 || squares > 0);
}

function sum(counts: readonly Count[], of: (count: Count) => number): number {
  return counts.reduce((total, count) => total + of(count), 0);
}

function tooWide({ role, column, most }: Key, values: readonly string[]): Problem {
  if (role === 'group') {
    return {
      where: PREDICTIONS,
      message: `column ${quoted(column)} has more than ${most} values: an id or a measurement rather than a group`,
      fix: 'put the values into bands',
    };
  }
  return {
    where: PREDICTIONS,
    message: `${quoted(column)} has more than two values (${values.slice(0, 5).map(quoted).join(', ')}, …)`,
    fix: 'give decisions; for scores set score and threshold',
  };
}
