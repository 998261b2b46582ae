import type { CardMetric } from '../card.ts';
import type { HubMetric, Metadata } from './metadata.ts';

/** `20.0 ± 1.2`, `93.1 % (± 0.4 %)`: the middle, its unit, the spread, its unit. */
const SPREAD =
  /^\s*([+-]?\d[\d.]*(?:e[+-]?\d+)?)\s*(%?)\s*\(?\s*(?:±|\+\/-|\+-)\s*(\d[\d.]*)\s*(%?)\s*\)?\s*$/i;

/** No value with its spread is longer. */
const MAX_LENGTH = 100;

/** Every metric of the model index. A value such as "20.0 ± 1.2" is its middle with an interval. */
export function metricsOf(metadata: Metadata): CardMetric[] {
  return (metadata['model-index'] ?? []).flatMap(({ results }, model) =>
    results.flatMap(({ metrics }, result) =>
      metrics.map((metric, index) =>
        metricOf(metric, `model-index[${model}].results[${result}].metrics[${index}]`),
      ),
    ),
  );
}

function metricOf(metric: HubMetric, where: string): CardMetric {
  const slice = sliceOf(metric);
  return { type: metric.type, where, ...measured(metric.value), ...(slice === undefined ? {} : { slice }) };
}

function measured(value: number | string): Pick<CardMetric, 'value' | 'lowerBound' | 'upperBound'> {
  const match = typeof value === 'string' && value.length <= MAX_LENGTH ? SPREAD.exec(value) : null;
  if (match === null) return { value: String(value) };
  const [middle, spread] = [Number(match[1]), Number(match[3])];
  const unit = match[2] || match[4] || '';
  const bound = (number: number) => `${Number(number.toPrecision(12))}${unit}`;
  return {
    value: `${match[1]}${unit}`,
    lowerBound: bound(middle - spread),
    upperBound: bound(middle + spread),
  };
}

/** `args: { slice: "sex=female" }`: the Hub leaves the arguments of a metric to its author. */
function sliceOf({ args }: HubMetric): string | undefined {
  const slice = typeof args === 'object' && args !== null && 'slice' in args ? args.slice : undefined;
  return typeof slice === 'string' ? slice : undefined;
}
