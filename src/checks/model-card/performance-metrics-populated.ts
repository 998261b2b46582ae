import { z } from 'zod';
import type { CheckProblem, CheckReport, Measurement } from '../../domain/index.ts';
import type { Card } from '../card/card.ts';
import { namesEvaluationData, type StatedMetric, statedMetrics } from '../card/metric-problems.ts';
import { canonicalType } from '../card/metric-types.ts';
import { MODEL_CARD, readCard } from '../card/read.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { PREDICTIONS } from '../predictions/columns.ts';
import { decisionColumns, decisionParameters, labelParameters } from '../predictions/parameters.ts';
import type { Recomputed } from '../predictions/recompute.ts';
import { counted, insufficient, notSubmitted, problem, quoted, report, toCheckProblems } from '../report.ts';
import { isHighRisk, RISK_QUESTIONNAIRE } from '../risk/read.ts';

const PARAMETERS = z.strictObject({
  ...decisionParameters,
  ...labelParameters,
  tolerance: z
    .number()
    .min(0)
    .max(1)
    .default(0.005)
    .describe('how far a stated value may be from the recomputed one'),
  require_sliced_metric: z
    .boolean()
    .optional()
    .describe(
      'whether at least one metric must be stated for a slice such as sex=female; by default for high_risk, and where the tier is unknown',
    ),
  metric_types: z
    .array(z.string().min(1))
    .max(100)
    .default([])
    .describe('types of metrics accepted beside the known ones; they are not recomputed'),
  not_recomputed: z
    .array(z.string().min(1).max(200))
    .max(100)
    .default([])
    .describe(
      'types of metrics, and names of slices such as held-out, that need not be recomputed once label is set: what the predictions do not hold',
    ),
});
type Parameters = z.output<typeof PARAMETERS>;

/** The card states metrics that are numbers, say on what data, and agree with the predictions. */
export const performanceMetricsPopulated = defineCheck({
  name: 'performance_metrics_populated',
  stage: 'model_card',
  version: '3.0.0',
  proves:
    'The card states metrics of known types with values in their range, names the evaluation data and, for high-risk, has a sliced metric; each is recomputed from the submitted predictions and agrees with them, or the pipeline excuses it.',
  doesNotProve: 'That the predictions were made by this artifact, or on data that is like production.',
  evidence: [
    {
      name: MODEL_CARD,
      required: true,
      description: 'metrics of the model card: quantitativeAnalysis.performanceMetrics in CycloneDX',
    },
    { name: PREDICTIONS, required: false, description: 'required when the parameters name its columns' },
    {
      name: RISK_QUESTIONNAIRE,
      required: false,
      description: 'decides whether the stricter rule of high_risk holds',
    },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>): Promise<CheckReport> {
  const reading = await readCard(input);
  if (!reading.ok) return insufficient(reading.message, reading.problems);
  const { card } = reading;
  if (card.metrics.length === 0) {
    const problems = [
      problem(
        `${MODEL_CARD}: ${card.terms.metrics}`,
        'the card states no performance metric',
        'state the type, the value and the slice of each metric, such as accuracy 0.93',
      ),
    ];
    return report('failed', `the card states no performance metric (${card.terms.metrics})`, { problems });
  }
  const stated = statedMetrics(card, input.parameters.metric_types);
  const problems = [...stated.problems, ...coverageProblems(stated.metrics, card, await needsSlice(input))];
  const comparison = await compare(input, stated.metrics);
  return conclude(stated.metrics, problems, comparison, input.parameters);
}

/** What the metrics of a card are for: on what data, and for whom. */
function coverageProblems(
  metrics: readonly StatedMetric[],
  card: Card,
  sliceNeeded: boolean,
): CheckProblem[] {
  const { terms } = card;
  const sliced = metrics.some(({ slice }) => slice !== undefined && slice.length > 0);
  const unnamed = problem(
    `${MODEL_CARD}: ${terms.datasets}`,
    'no evaluation dataset is named',
    terms.evaluationData,
  );
  const whole = problem(`${MODEL_CARD}: ${terms.metrics}`, 'no metric is stated for a slice', terms.slice);
  return [...(namesEvaluationData(card) ? [] : [unnamed]), ...(sliced || !sliceNeeded ? [] : [whole])];
}

async function needsSlice({ evidence, parameters }: CheckInput<Parameters>): Promise<boolean> {
  return parameters.require_sliced_metric ?? isHighRisk(evidence);
}

/** Recomputed values in the order of the metrics; or why they could not be had; or neither, when nothing was asked for. */
type Comparison =
  | { readonly kind: 'unasked_though_submitted' }
  | { readonly kind: 'compared'; readonly values: readonly Recomputed[] }
  | { readonly kind: 'impossible'; readonly message: string; readonly problems: readonly CheckProblem[] }
  | { readonly kind: 'not_asked' };

async function compare(
  { parameters, evidence }: CheckInput<Parameters>,
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

function conclude(
  metrics: readonly StatedMetric[],
  statedProblems: readonly CheckProblem[],
  comparison: Comparison,
  parameters: Parameters,
): CheckReport {
  const { tolerance } = parameters;
  const values = comparison.kind === 'compared' ? comparison.values : [];
  const contradictions = metrics.flatMap((metric, index) => contradiction(metric, values[index], tolerance));
  const failing = [...statedProblems, ...contradictions];
  const lacking = shortfall(metrics, comparison, excusedBy(parameters));
  const recomputed = values.filter(({ kind }) => kind === 'value').length;
  const parts = {
    problems: [...failing, ...(lacking?.problems ?? [])],
    measurements: [
      { name: 'metrics_stated', value: metrics.length, unit: 'count' },
      { name: 'metrics_recomputed', value: recomputed, unit: 'count' },
      ...values.flatMap((value, index) => measured(metrics[index], value)),
      ...largestDeviation(metrics, values),
    ],
    details: { tolerance, metrics: metrics.map((metric, index) => detailOf(metric, values[index])) },
  };
  if (failing.length > 0) return report('failed', listed(failing), parts);
  if (lacking !== undefined) return report('insufficient_evidence', lacking.message, parts);
  const how =
    comparison.kind === 'compared'
      ? `${recomputed} recomputed and within ${tolerance}`
      : 'not recomputed: the pipeline names no label column';
  return report('passed', `${counted(metrics.length, 'metric')} stated, ${how}: ${firstOf(metrics)}`, parts);
}

/** The first metrics with their values, for people who decide by them. */
function firstOf(metrics: readonly StatedMetric[]): string {
  const shown = metrics
    .slice(0, 3)
    .map((metric) => `${nameOf(metric)} ${Number(metric.value.toPrecision(6))}`);
  return [...shown, ...(metrics.length > 3 ? ['…'] : [])].join(', ');
}

const NONE_RECOMPUTED = problem(
  PREDICTIONS,
  'none of the stated metrics can be recomputed from them',
  'state a metric of the decisions, such as accuracy, recall or precision, or submit the score column',
);

/** What keeps a comparison that the policy asked for from deciding. */
function shortfall(
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

function listed(problems: readonly CheckProblem[]): string {
  return problems
    .map(({ message }) => message)
    .slice(0, 3)
    .join('; ');
}

function contradiction(
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
function excusedBy({ not_recomputed, metric_types }: Parameters): (metric: StatedMetric) => boolean {
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

function nameOf({ type, slice, sliceText }: StatedMetric): string {
  const where =
    slice === undefined
      ? quoted(sliceText)
      : slice.map(({ column, value }) => `${column}=${value}`).join(' & ');
  return where === '' ? type : `${type} of ${where}`;
}

/** What the predictions give for a stated metric, and how far the card is from it. */
function measured(metric: StatedMetric | undefined, recomputed: Recomputed): Measurement[] {
  if (metric === undefined || recomputed.kind !== 'value') return [];
  return [
    { name: `recomputed[${nameOf(metric)}]`, value: recomputed.value, unit: '1' },
    { name: `deviation[${nameOf(metric)}]`, value: Math.abs(recomputed.value - metric.value), unit: '1' },
  ];
}

function largestDeviation(metrics: readonly StatedMetric[], values: readonly Recomputed[]): Measurement[] {
  const all = values.flatMap((value, index) => {
    const stated = metrics[index]?.value;
    return value.kind === 'value' && stated !== undefined ? [Math.abs(value.value - stated)] : [];
  });
  return all.length === 0 ? [] : [{ name: 'largest_deviation', value: Math.max(...all), unit: '1' }];
}

function detailOf(metric: StatedMetric, recomputed: Recomputed | undefined) {
  return {
    metric: nameOf(metric),
    stated: metric.value,
    recomputed: recomputed?.kind === 'value' ? recomputed.value : null,
    status: recomputed?.kind ?? 'not_computed',
  };
}
