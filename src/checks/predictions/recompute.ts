import { type Parsed, parsed } from '../../lib/index.ts';
import type { StatedMetric } from '../card/metric-problems.ts';
import type { SliceCondition } from '../card/slice.ts';
import type { CheckFile } from '../contract.ts';
import { PREDICTIONS } from './columns.ts';
import { type Decisions, readDecisions } from './decisions.ts';
import { groupValue } from './keys.ts';
import { confusionOf, isCountable, metricOf } from './metrics.ts';
import type { DecisionColumns } from './parameters.ts';
import { addsFractions, isScored, scoreMetric } from './score-metrics.ts';
import { type Table, withTable } from './table.ts';

/** What recomputing a stated metric gave. */
export type Recomputed =
  | { readonly kind: 'value'; readonly value: number }
  /** The evidence has nothing to compute it from: no such column or rows, or no positives. */
  | { readonly kind: 'undefined'; readonly reason: string }
  /** Not a metric that we compute, or a slice that is only a name. */
  | { readonly kind: 'not_computed'; readonly reason: string };

/** Columns of slices may have more values than those that groups are compared by. */
const MAX_SLICE_LEVELS = 1000;

/** Recomputes stated metrics from the predictions, in the order given. */
export async function recompute(
  file: CheckFile,
  columns: DecisionColumns,
  metrics: readonly StatedMetric[],
): Promise<Parsed<readonly Recomputed[]>> {
  const fractions = columns.weight !== undefined || metrics.some(({ type }) => addsFractions(type));
  const sums = fractions ? 'ordered' : 'exact';
  return withTable(PREDICTIONS, file, sums, async (table) => {
    const sets = slicesOf(metrics, table);
    const decisions = await readDecisions(table, columns, sets, MAX_SLICE_LEVELS);
    if (!decisions.ok) return decisions;
    const results: Recomputed[] = [];
    for (const metric of metrics) results.push(await one(metric, table, columns, decisions.value, sets));
    return parsed(results);
  });
}

/** The column sets to count by: none for the whole file, then one for each kind of slice whose columns exist. */
function slicesOf(metrics: readonly StatedMetric[], table: Table): readonly (readonly string[])[] {
  const keys = metrics.flatMap(({ slice }) =>
    slice === undefined || slice.some(({ column }) => !table.columns.includes(column))
      ? []
      : [columnsOf(slice)],
  );
  const byName = new Map(keys.map((columns) => [JSON.stringify(columns), columns]));
  return [[], ...[...byName.values()].filter((columns) => columns.length > 0)];
}

function columnsOf(slice: readonly SliceCondition[]): readonly string[] {
  return [...new Set(slice.map(({ column }) => column))];
}

async function one(
  metric: StatedMetric,
  table: Table,
  columns: DecisionColumns,
  decisions: Decisions,
  sets: readonly (readonly string[])[],
): Promise<Recomputed> {
  const { slice, type } = metric;
  const obstacle = obstacleTo(metric, columns);
  if (slice === undefined || obstacle !== undefined)
    return { kind: 'not_computed', reason: obstacle ?? NAMED_ONLY };
  const names = columnsOf(slice);
  const unknown = names.filter((name) => !table.columns.includes(name));
  if (unknown.length > 0)
    return { kind: 'undefined', reason: `the predictions have no column ${unknown.join(', ')}` };
  const set = sets.findIndex((candidate) => JSON.stringify(candidate) === JSON.stringify(names));
  const cells = (decisions.sets[set] ?? []).filter(({ group }) =>
    slice.every(({ column, value }) => group[names.indexOf(column)] === value),
  );
  if (cells.length === 0) return { kind: 'undefined', reason: 'the predictions have no row in this slice' };
  const value =
    columns.score !== undefined && isScored(type)
      ? await scoreMetric(
          type,
          { table, coding: decisions.coding, score: columns.score },
          slice.map(({ column, value }) => ({ sql: groupValue(column), value })),
        )
      : metricOf(type, confusionOf(cells));
  return value === undefined
    ? { kind: 'undefined', reason: undefinedReason(type) }
    : { kind: 'value', value };
}

const NAMED_ONLY = 'its slice is a name, of which the predictions know nothing';

function obstacleTo({ type, slice }: StatedMetric, { score }: DecisionColumns): string | undefined {
  if (slice === undefined) return NAMED_ONLY;
  if (isScored(type)) return score === undefined ? 'the pipeline names no score column (score)' : undefined;
  return isCountable(type) ? undefined : 'it is not computed from decisions and scores';
}

function undefinedReason(type: string): string {
  return addsFractions(type)
    ? 'the predictions leave it undefined: the scores are no probabilities between 0 and 1'
    : 'the predictions leave it undefined (no positives, or no negatives)';
}
