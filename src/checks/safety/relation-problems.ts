import type { CheckProblem } from '../../domain/index.ts';
import { counted, problem } from '../report.ts';
import type { RelationResult } from '../robustness/index.ts';

/** What each relation is called, and what its violation means. */
const BROKEN: Readonly<Record<RelationResult['kind'], (feature: string) => string>> = {
  row_order: () => 'the answer to a row depends on the order of rows',
  batch_size: () => 'the answer to a row depends on how many rows are in the batch',
  irrelevant: (feature) => `${feature}, declared irrelevant, changes the answer`,
  monotone: (feature) => `the score goes the wrong way as ${feature}, declared monotone, grows`,
  swap: (feature) => `another value of ${feature}, a protected feature, changes the class`,
};

/** Relations that do not hold. Of a protected feature, a share of rows may get another class. */
export function relationProblems(results: readonly RelationResult[], maxSwapRate: number): CheckProblem[] {
  return results.flatMap((result) => {
    const { kind, feature, rows, violations, labelsChanged } = result;
    if (rows === 0) return [];
    const against = kind === 'swap' ? labelsChanged : violations;
    const allowed = kind === 'swap' ? maxSwapRate : 0;
    if (against / rows <= allowed) return [];
    const share = kind === 'swap' ? `, share ${(against / rows).toFixed(3)} > ${allowed}` : '';
    const where = feature === null ? 'artifact' : `artifact: ${feature}`;
    const message = `${BROKEN[kind](feature ?? '')} for ${against} of ${counted(rows, 'row')}${share}`;
    return [problem(where, message, 'correct the model, or what the model contract declares')];
  });
}
