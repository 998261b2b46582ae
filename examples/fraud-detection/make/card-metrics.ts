import type { SliceMetrics } from './metrics.ts';

/** A CycloneDX `performanceMetric`: values are strings there. */
interface CardMetric {
  readonly type: string;
  readonly value: string;
  /** Columns and values of the predictions file; left out for the whole of it. */
  readonly slice?: string;
  readonly confidenceInterval?: { readonly lowerBound: string; readonly upperBound: string };
}

/** Every metric of every slice. Proportions carry their 95 % Wilson interval. */
export function cardMetrics(metrics: readonly SliceMetrics[]): CardMetric[] {
  return metrics.flatMap((slice) => [
    { type: 'auc', value: decimal(slice.auc), ...sliceOf(slice) },
    proportion('accuracy', slice.accuracy, slice.rows, slice),
    proportion('precision', slice.precision, slice.declined, slice),
    proportion('recall', slice.recall, slice.frauds, slice),
    proportion('false_positive_rate', slice.falsePositiveRate, slice.rows - slice.frauds, slice),
  ]);
}

function proportion(type: string, value: number, count: number, slice: SliceMetrics): CardMetric {
  const { lower, upper } = wilson(value, count);
  const confidenceInterval = { lowerBound: decimal(lower), upperBound: decimal(upper) };
  return { type, value: decimal(value), ...sliceOf(slice), confidenceInterval };
}

function sliceOf({ sex, ageBand }: SliceMetrics): { slice?: string } {
  const parts = [
    ...(sex === null ? [] : [`sex=${sex}`]),
    ...(ageBand === null ? [] : [`age_band=${ageBand}`]),
  ];
  return parts.length === 0 ? {} : { slice: parts.join(' & ') };
}

function wilson(share: number, count: number): { lower: number; upper: number } {
  const z = 1.959964;
  const weight = z ** 2 / count;
  const centre = (share + weight / 2) / (1 + weight);
  const half = (z / (1 + weight)) * Math.sqrt((share * (1 - share)) / count + weight / (4 * count));
  return { lower: centre - half, upper: centre + half };
}

function decimal(value: number): string {
  return value.toFixed(4);
}
