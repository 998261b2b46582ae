import { z } from 'zod';
import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import type { Card } from '../card/card.ts';
import {
  type Comparison,
  compare,
  contradiction,
  excusedBy,
  listed,
  shortfall,
} from '../card/metric-comparison.ts';
import { namesEvaluationData, type StatedMetric, statedMetrics } from '../card/metric-problems.ts';
import { detailOf, largestDeviation, measured, nameOf } from '../card/metric-report.ts';
import { MODEL_CARD, readCard } from '../card/read.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { PREDICTIONS } from '../predictions/columns.ts';
import { decisionParameters, labelParameters } from '../predictions/parameters.ts';
import { counted, insufficient, problem, report } from '../report.ts';
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
