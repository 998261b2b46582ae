import type { Cell } from './decisions.ts';

/** Weighted counts of right and wrong decisions. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** Adds up cells whose true outcome is known. */
export function confusionOf(cells: readonly Cell[]): Confusion {
  const sum = (actual: boolean, decided: boolean) =>
    cells.reduce(
      (all, cell) => all + (cell.actual === actual && cell.decided === decided ? cell.weight : 0),
      0,
    );
  return { tp: sum(true, true), fp: sum(false, true), tn: sum(false, false), fn: sum(true, false) };
}

function f1Of({ tp, fp, fn }: Confusion): number {
  return (2 * tp) / (2 * tp + fp + fn);
}

/** The same counts seen from the other class. */
function mirrored({ tp, fp, tn, fn }: Confusion): Confusion {
  return { tp: tn, fp: fn, tn: tp, fn: fp };
}

const METRICS: Readonly<Record<string, (counts: Confusion) => number>> = {
  accuracy: ({ tp, fp, tn, fn }) => (tp + tn) / (tp + fp + tn + fn),
  balanced_accuracy: ({ tp, fp, tn, fn }) => (tp / (tp + fn) + tn / (tn + fp)) / 2,
  precision: ({ tp, fp }) => tp / (tp + fp),
  negative_predictive_value: ({ tn, fn }) => tn / (tn + fn),
  recall: ({ tp, fn }) => tp / (tp + fn),
  specificity: ({ tn, fp }) => tn / (tn + fp),
  false_positive_rate: ({ tn, fp }) => fp / (tn + fp),
  false_negative_rate: ({ tp, fn }) => fn / (tp + fn),
  f1: f1Of,
  macro_f1: (counts) => (f1Of(counts) + f1Of(mirrored(counts))) / 2,
  weighted_f1: (counts) => {
    const { tp, fp, tn, fn } = counts;
    return (f1Of(counts) * (tp + fn) + f1Of(mirrored(counts)) * (tn + fp)) / (tp + fp + tn + fn);
  },
  // Of two classes each row is one right or one wrong decision.
  micro_f1: ({ tp, fp, tn, fn }) => (tp + tn) / (tp + fp + tn + fn),
  macro_precision: ({ tp, fp, tn, fn }) => (tp / (tp + fp) + tn / (tn + fn)) / 2,
  macro_recall: ({ tp, fp, tn, fn }) => (tp / (tp + fn) + tn / (tn + fp)) / 2,
  mcc: ({ tp, fp, tn, fn }) => (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
  cohen_kappa: ({ tp, fp, tn, fn }) => {
    const all = tp + fp + tn + fn;
    const byChance = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / (all * all);
    return ((tp + tn) / all - byChance) / (1 - byChance);
  },
  selection_rate: ({ tp, fp, tn, fn }) => (tp + fp) / (tp + fp + tn + fn),
};

/** Whether a metric, in its canonical spelling, can be computed from counts. */
export function isCountable(type: string): boolean {
  return Object.hasOwn(METRICS, type);
}

/** A metric from its counts; undefined where it has no value, such as recall without positives. */
export function metricOf(type: string, counts: Confusion): number | undefined {
  const value = METRICS[type]?.(counts);
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
