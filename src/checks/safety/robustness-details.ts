import type { Measurement } from '../../domain/index.ts';
import type { Json } from '../../lib/index.ts';
import type { AtEpsilon, Flip, RelationResult, RobustnessResult } from '../robustness/index.ts';

const MAX_ROWS = 1000;

/** The numbers that a reader compares between runs. */
export function robustnessMeasurements(
  { rows, correct, cleanAccuracy, atEpsilon, queries, linf, l2 }: RobustnessResult,
  relations: readonly RelationResult[],
): Measurement[] {
  return [
    { name: 'rows', value: rows, unit: 'count' },
    { name: 'correct_rows', value: correct, unit: 'count' },
    ...measured('clean_accuracy', cleanAccuracy, 'ratio'),
    ...atEpsilon.flatMap(atOne),
    ...measured('median_smallest_perturbation[linf]', linf.median, 'scale'),
    ...measured('median_smallest_perturbation[l2]', l2.median, 'scale'),
    { name: 'queries', value: queries, unit: 'count' },
    ...relations.map(({ kind, feature, violations, labelsChanged }) => ({
      name: `violations[${feature === null ? kind : `${kind} ${feature}`}]`,
      value: kind === 'swap' ? labelsChanged : violations,
      unit: 'count',
    })),
  ];
}

function atOne({ epsilon, robustAccuracy, robustAccuracyLower }: AtEpsilon): Measurement[] {
  return [
    ...measured(`robust_accuracy[${epsilon}]`, robustAccuracy, 'ratio'),
    { name: `robust_accuracy_lower_bound[${epsilon}]`, value: robustAccuracyLower, unit: 'ratio' },
  ];
}

function measured(name: string, value: number | null, unit: string): Measurement[] {
  return value === null ? [] : [{ name, value, unit }];
}

/** Tables for the evidence: quantiles, and the smallest perturbation found for each row. */
export function perturbationDetails(
  { atEpsilon, linf, l2, flippedByEdits, perRow }: RobustnessResult,
  relations: readonly RelationResult[],
): Record<string, Json> {
  return {
    by_attack: atEpsilon.map(({ epsilon, flipped, by }) => ({ epsilon, flipped, by: { ...by } })),
    smallest_perturbation: { linf: { ...linf }, l2: { ...l2 } },
    flipped_by_category_edits: [...flippedByEdits],
    relations: relations.map(({ kind, feature, rows, violations, labelsChanged }) => ({
      kind,
      feature,
      rows,
      violations,
      labels_changed: labelsChanged,
    })),
    rows: perRow.slice(0, MAX_ROWS).map((each) => ({
      row: each.row,
      correct: each.correct,
      linf: flipOf(each.linf, 'linf'),
      l2: flipOf(each.l2, 'l2'),
      queries: each.queries,
    })),
    rows_left_out: Math.max(0, perRow.length - MAX_ROWS),
  };
}

function flipOf(flip: Flip | null, distance: 'linf' | 'l2'): Json {
  // Twelve digits: enough for anybody, and the same on every processor.
  return flip === null ? null : { distance: Number(flip[distance].toPrecision(12)), attack: flip.attack };
}
