/** What is known about a kind of metric: the range of its value, and what we compute it from, if we can. */
export interface MetricKind {
  readonly min: number;
  readonly max: number;
  /** Whether `93.1 %` is a way to write it. */
  readonly fraction: boolean;
}

const FRACTION: MetricKind = { min: 0, max: 1, fraction: true };
const CORRELATION: MetricKind = { min: -1, max: 1, fraction: false };
const ERROR: MetricKind = { min: 0, max: Number.POSITIVE_INFINITY, fraction: false };
const PERCENT_ERROR: MetricKind = { ...ERROR, fraction: true };

const FRACTIONS = [
  'accuracy',
  'balanced_accuracy',
  'precision',
  'recall',
  'specificity',
  'false_positive_rate',
  'false_negative_rate',
  'f1',
  'macro_f1',
  'micro_f1',
  'weighted_f1',
  'macro_precision',
  'macro_recall',
  'auc',
  'average_precision',
  'pr_auc',
  'top_5_accuracy',
  'exact_match',
  'negative_predictive_value',
  'selection_rate',
  'iou',
  'dice',
  'ndcg',
  'brier_score',
] as const;

const KINDS: ReadonlyMap<string, MetricKind> = new Map<string, MetricKind>([
  ...FRACTIONS.map((name): [string, MetricKind] => [name, FRACTION]),
  ['mcc', CORRELATION],
  ['cohen_kappa', CORRELATION],
  ['r2', { min: Number.NEGATIVE_INFINITY, max: 1, fraction: false }],
  ['log_loss', ERROR],
  ['mae', ERROR],
  ['mse', ERROR],
  ['rmse', ERROR],
  ['mape', PERCENT_ERROR],
  ['wer', PERCENT_ERROR],
  ['perplexity', { ...ERROR, min: 1 }],
  ['bleu', { min: 0, max: 100, fraction: false }],
  ['rouge_l', { min: 0, max: 100, fraction: false }],
]);

const ALIASES: Readonly<Record<string, string>> = {
  acc: 'accuracy',
  f1_score: 'f1',
  f_1: 'f1',
  roc_auc: 'auc',
  auroc: 'auc',
  auc_roc: 'auc',
  tpr: 'recall',
  true_positive_rate: 'recall',
  sensitivity: 'recall',
  tnr: 'specificity',
  true_negative_rate: 'specificity',
  fpr: 'false_positive_rate',
  fnr: 'false_negative_rate',
  ppv: 'precision',
  npv: 'negative_predictive_value',
  ap: 'average_precision',
  matthews_corrcoef: 'mcc',
  r_squared: 'r2',
  macro_averaged_f1: 'macro_f1',
  f1_macro: 'macro_f1',
  f1_micro: 'micro_f1',
  f1_weighted: 'weighted_f1',
  brier: 'brier_score',
  auprc: 'pr_auc',
  kappa: 'cohen_kappa',
};

/** The one spelling of a metric type: lower case, underscores, no alias. */
export function canonicalType(type: string): string {
  const name = type
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

/** What is known about a metric type in its canonical spelling. */
export function metricKind(type: string): MetricKind | undefined {
  return KINDS.get(type);
}

/** No number that a card states is longer. */
const MAX_LENGTH = 100;

/** A metric value as a finite number: `0.931`, `9.31e-1`, or `93.1 %` for a fraction. */
export function metricValue(text: string, kind: MetricKind | undefined): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?)\s*(%?)\s*$/i.exec(text);
  if (match === null) return undefined;
  const percent = match[2] === '%';
  if (percent && kind?.fraction !== true) return undefined;
  // Rounded so that 93.1 % is 0.931, as written.
  const value = percent ? Number((Number(match[1]) / 100).toPrecision(15)) : Number(match[1]);
  return Number.isFinite(value) ? value : undefined;
}
