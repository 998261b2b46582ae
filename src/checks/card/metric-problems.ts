import type { CheckProblem } from '../../domain/index.ts';
import { placeholderReason } from '../placeholder.ts';
import { problem, quoted } from '../report.ts';
import type { Card, CardMetric } from './card.ts';
import { canonicalType, type MetricKind, metricKind, metricValue } from './metric-types.ts';
import { MODEL_CARD } from './read.ts';
import { parseSlice, type SliceCondition } from './slice.ts';

/** A metric of the card whose value is a number that its kind allows. */
export interface StatedMetric {
  readonly type: string;
  readonly value: number;
  /** Undefined where the slice is only a name. */
  readonly slice: readonly SliceCondition[] | undefined;
  /** The slice as the card writes it. */
  readonly sliceText: string;
  readonly where: string;
}

/** The metrics of a card that can be read, and what is wrong with the others. */
export interface StatedMetrics {
  readonly metrics: readonly StatedMetric[];
  readonly problems: readonly CheckProblem[];
}

/** Reads every metric of a card. `accepted` are types that the policy knows beside ours. */
export function statedMetrics(card: Card, accepted: readonly string[]): StatedMetrics {
  const read = card.metrics.map((metric) => readMetric(metric, accepted));
  return {
    metrics: read.flatMap((one) => ('metric' in one ? [one.metric] : [])),
    problems: [...read.flatMap((one) => ('problems' in one ? one.problems : [])), ...contradicting(read)],
  };
}

type Read = { readonly metric: StatedMetric } | { readonly problems: readonly CheckProblem[] };

function readMetric(metric: CardMetric, accepted: readonly string[]): Read {
  const where = `${MODEL_CARD}: ${metric.where}`;
  const type = canonicalType(metric.type);
  const kind = metricKind(type);
  if (kind === undefined && !accepted.map(canonicalType).includes(type)) {
    const reason = placeholderReason(metric.type) ?? 'is no metric that we know';
    return {
      problems: [
        problem(
          `${where}.type`,
          `${quoted(metric.type)} ${reason}`,
          'name a known metric, or add it to metric_types',
        ),
      ],
    };
  }
  const value = metricValue(metric.value, kind);
  if (value === undefined) {
    return {
      problems: [
        problem(
          `${where}.value`,
          `${quoted(metric.value)} is no finite number`,
          'write a plain number, such as 0.93',
        ),
      ],
    };
  }
  if (kind !== undefined && (value < kind.min || value > kind.max)) {
    return {
      problems: [
        problem(
          `${where}.value`,
          `${type} ${metric.value} is outside ${kind.min} to ${kind.max}`,
          percentRemedy(kind, value) ?? `state it as a number from ${kind.min} to ${kind.max}`,
        ),
      ],
    };
  }
  const problems = intervalProblems(metric, value, where);
  return problems.length > 0
    ? { problems }
    : { metric: { type, value, slice: parseSlice(metric.slice), sliceText: metric.slice ?? '', where } };
}

function percentRemedy(kind: MetricKind, value: number): string | undefined {
  if (!kind.fraction || value <= 1 || value > 100) return undefined;
  return `if it is a percentage, write "${value} %" or ${Number((value / 100).toPrecision(12))}`;
}

function intervalProblems(metric: CardMetric, value: number, where: string): CheckProblem[] {
  const kind = metricKind(canonicalType(metric.type));
  const [lower, upper] = [metric.lowerBound, metric.upperBound].map((bound) =>
    bound === undefined ? undefined : (metricValue(bound, kind) ?? Number.NaN),
  );
  const sound = (lower ?? value) <= value && value <= (upper ?? value);
  return sound
    ? []
    : [
        problem(
          `${where}.confidenceInterval`,
          'is no interval around the value',
          'state a lower bound below and an upper bound above the value',
        ),
      ];
}

function contradicting(read: readonly Read[]): CheckProblem[] {
  const seen = new Map<string, StatedMetric>();
  return read.flatMap((one) => {
    if (!('metric' in one) || one.metric.slice === undefined) return [];
    const key = JSON.stringify([
      one.metric.type,
      [...one.metric.slice].map(({ column, value }) => [column, value]).sort(),
    ]);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, one.metric);
    if (earlier === undefined || earlier.value === one.metric.value) return [];
    return [
      problem(
        one.metric.where,
        `${one.metric.type} is stated as ${earlier.value} and as ${one.metric.value}`,
        'leave the right one, or name the slice that each is for',
      ),
    ];
  });
}

const EVALUATION = /eval|\btest|held[-_ ]?out|hold[-_ ]?out|validation/i;

/** Whether the card says on which dataset or split the metrics were computed. */
export function namesEvaluationData(card: Card): boolean {
  const named = card.properties.get('countersign:evaluation:dataset') ?? [];
  if (named.some(({ text }) => placeholderReason(text) === undefined)) return true;
  return card.datasets.some(({ name, description, ref, evaluation }) =>
    evaluation === true
      ? placeholderReason(name) === undefined
      : [name, description, ref ?? ''].some((text) => EVALUATION.test(text)),
  );
}
