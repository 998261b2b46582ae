import type { Measurement } from '../../domain/index.ts';
import type { Recomputed } from '../predictions/recompute.ts';
import { quoted } from '../report.ts';
import type { StatedMetric } from './metric-problems.ts';

/** A metric as people name it: its type and its slice. */
export function nameOf({ type, slice, sliceText }: StatedMetric): string {
  const where =
    slice === undefined
      ? quoted(sliceText)
      : slice.map(({ column, value }) => `${column}=${value}`).join(' & ');
  return where === '' ? type : `${type} of ${where}`;
}

/** What the predictions give for a stated metric, and how far the card is from it. */
export function measured(metric: StatedMetric | undefined, recomputed: Recomputed): Measurement[] {
  if (metric === undefined || recomputed.kind !== 'value') return [];
  return [
    { name: `recomputed[${nameOf(metric)}]`, value: recomputed.value, unit: '1' },
    { name: `deviation[${nameOf(metric)}]`, value: Math.abs(recomputed.value - metric.value), unit: '1' },
  ];
}

/** How far the card is from the predictions at the most. */
export function largestDeviation(
  metrics: readonly StatedMetric[],
  values: readonly Recomputed[],
): Measurement[] {
  const all = values.flatMap((value, index) => {
    const stated = metrics[index]?.value;
    return value.kind === 'value' && stated !== undefined ? [Math.abs(value.value - stated)] : [];
  });
  return all.length === 0 ? [] : [{ name: 'largest_deviation', value: Math.max(...all), unit: '1' }];
}

/** A stated metric beside what came of recomputing it. */
export function detailOf(metric: StatedMetric, recomputed: Recomputed | undefined) {
  return {
    metric: nameOf(metric),
    stated: metric.value,
    recomputed: recomputed?.kind === 'value' ? recomputed.value : null,
    status: recomputed?.kind ?? 'not_computed',
  };
}
