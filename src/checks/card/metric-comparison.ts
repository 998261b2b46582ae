import type { CheckProblem } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { PREDICTIONS } from '../predictions/columns.ts';
import { decisionColumns } from '../predictions/parameters.ts';
import type { Recomputed } from '../predictions/recompute.ts';
import { notSubmitted, problem, toCheckProblems } from '../report.ts';
import { isHighRisk } from '../risk/read.ts';
import type { StatedMetric } from './metric-problems.ts';
import { nameOf } from './metric-report.ts';
import { canonicalType } from './metric-types.ts';

/** What the operator says of recomputing metrics. */
export type ComparisonParameters = Parameters<typeof decisionColumns>[0] & {
  readonly label?: string | undefined;
  readonly not_recomputed: readonly string[];
  readonly metric_types: readonly string[];
};

/** Recomputed values in the order of the metrics; or why they could not be had; or neither, when nothing was asked for. */
export type Comparison =
  | { readonly kind: 'unasked_though_submitted' }
  | { readonly kind: 'compared'; readonly values: readonly Recomputed[] }
  | { readonly kind: 'impossible'; readonly message: string; readonly problems: readonly CheckProblem[] }
  | { readonly kind: 'not_asked' };

/** Recomputes the stated metrics from the predictions, where the pipeline asks for it. */
export async function compare(
  { parameters, evidence }: CheckInput<ComparisonParameters>,
  metrics: readonly StatedMetric[],
): Promise<Comparison> {
  if (parameters.label === undefined) {
    const demanded = evidence.has(PREDICTIONS) && (await isHighRisk(evidence));
    return { kind: demanded ? 'unasked_though_submitted' : 'not_asked' };
  }
  const columns = decisionColumns(parameters);
  if (typeof columns === 'string')
    return {
      kind: 'impossible',
      message: `the metrics cannot be recomputed: ${columns}`,
      problems: [problem('parameters', columns, 'have the operator set it in the pipeline')],
    };
  const file = evidence.get(PREDICTIONS);
  if (file === undefined) {
    return {
      kind: 'impossible',
      message: `no predictions were submitted to recompute the metrics from (evidence ${PREDICTIONS})`,
      problems: [notSubmitted(PREDICTIONS, 'the predictions on the evaluation data')],
    };
  }
  const { recompute } = await import('../predictions/recompute.ts');
  const values = await recompute(file, columns, metrics);
  if (values.ok) return { kind: 'compared', values: values.value };
  const problems = toCheckProblems(values.problems);
  return { kind: 'impossible', message: `the predictions cannot be used: ${listed(problems)}`, problems };
}

const NONE_RECOMPUTED = problem(
  PREDICTIONS,
  'none of the stated metrics can be recomputed from them',
  'state a metric of the decisions, such as accuracy, recall or precision, or submit the score column',
);

/** What keeps a comparison that the policy asked for from deciding. */
export function shortfall(
  metrics: readonly StatedMetric[],
  comparison: Comparison,
  excused: (metric: StatedMetric) => boolean,
) {
  if (comparison.kind === 'not_asked') return undefined;
  if (comparison.kind === 'unasked_though_submitted') return NOBODY_COMPARED;
  if (comparison.kind === 'impossible') return comparison;
  const problems = metrics.flatMap((metric, index) =>
    excused(metric) ? [] : gap(metric, comparison.values[index]),
  );
  if (problems.length > 0) return { message: listed(problems), problems };
  if (comparison.values.some(({ kind }) => kind === 'value')) return undefined;
  return {
    message: 'none of the stated metrics can be recomputed from the predictions',
    problems: [NONE_RECOMPUTED],
  };
}

/** What the first problems say, in a line. */
export function listed(problems: readonly CheckProblem[]): string {
  return problems
    .map(({ message }) => message)
    .slice(0, 3)
    .join('; ');
}

/** A stated value that the predictions contradict. */
export function contradiction(
  metric: StatedMetric,
  recomputed: Recomputed | undefined,
  tolerance: number,
): CheckProblem[] {
  if (recomputed?.kind !== 'value' || Math.abs(recomputed.value - metric.value) <= tolerance + 1e-9)
    return [];
  const message = `${nameOf(metric)} is stated as ${metric.value}, but the predictions give ${recomputed.value.toFixed(4)}; more than ${tolerance} apart`;
  return [problem(metric.where, message, 'state what the submitted predictions show')];
}

/** Why a metric was not compared: whoever states it must not choose which ones are looked at. */
function gap(metric: StatedMetric, recomputed: Recomputed | undefined): CheckProblem[] {
  if (recomputed?.kind === 'undefined')
    return [
      problem(
        metric.where,
        `${nameOf(metric)}: ${recomputed.reason}`,
        'remove the metric, or submit predictions that it can be computed from',
      ),
    ];
  if (recomputed?.kind !== 'not_computed') return [];
  const remedy = 'do not state it, or have the operator add its type or slice to not_recomputed';
  return [problem(metric.where, `${nameOf(metric)} cannot be recomputed: ${recomputed.reason}`, remedy)];
}

/** What the operator excused from being recomputed, by type, by slice, or as a type of its own. */
export function excusedBy({
  not_recomputed,
  metric_types,
}: ComparisonParameters): (metric: StatedMetric) => boolean {
  const types = new Set([...not_recomputed, ...metric_types].map(canonicalType));
  const slices = new Set(not_recomputed.map((name) => name.trim().toLowerCase()));
  return ({ type, sliceText }) => types.has(type) || slices.has(sliceText.trim().toLowerCase());
}

const NOBODY_COMPARED = {
  message:
    'predictions were submitted, but the pipeline names no label column to recompute the metrics with (parameter label)',
  problems: [
    problem(
      'parameters',
      'label is not set, so nothing holds the stated metrics against the predictions',
      'have the operator set label and prediction, or score and threshold, in the pipeline',
    ),
  ],
};
