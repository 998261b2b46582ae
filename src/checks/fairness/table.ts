import type { Json } from '../../lib/index.ts';
import type { Standing } from './assessable.ts';
import { type Basis, intervalOf, type RateName, rateOf } from './groups.ts';
import type { Grouping } from './parameters.ts';
import type { Assessed } from './rule.ts';

/** The per-group table of one grouping, and what its comparisons came to, for the evidence. */
export function groupTable(
  grouping: Grouping,
  standings: readonly Standing[],
  assessed: readonly Assessed[],
  z: number,
): { [key: string]: Json } {
  const total = standings.reduce((rows, { group }) => rows + group.bases.selection.rows, 0);
  const rates = assessed.map(({ rule }) => rule.rate);
  return {
    attribute: grouping.name,
    results: assessed.map(resultOf),
    groups: standings.map(({ group, status, reason, justification }) => ({
      group: group.name,
      rows: group.bases.selection.rows,
      share: group.bases.selection.rows / total,
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(justification === undefined ? {} : { justification }),
      ...Object.fromEntries(rates.map((rate) => [`${rate}_rate`, rateEntry(group.bases[rate], rate, z)])),
    })),
  };
}

function rateEntry(basis: Basis, rate: RateName, z: number): Json {
  const interval = intervalOf(basis, z);
  const of = rate === 'selection' ? {} : { rows: basis.rows };
  return {
    value: rateOf(basis) ?? null,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
    ...of,
  };
}

function resultOf({ rule, comparison }: Assessed): { [key: string]: Json } {
  const { worst } = comparison;
  return {
    rate: rule.rate,
    measure: rule.measure.name,
    limit: rule.measure.limit,
    reference: rule.reference ?? 'max_rate',
    verdict: comparison.verdict,
    pairs: comparison.pairs,
    ...(comparison.reason === undefined ? {} : { reason: comparison.reason }),
    ...(worst === undefined
      ? {}
      : {
          value: worst.value,
          groups: [worst.first.name, worst.second.name],
          lower: worst.interval.lower,
          // A ratio without an upper bound has none in JSON either.
          upper: Number.isFinite(worst.interval.upper) ? worst.interval.upper : null,
        }),
  };
}
