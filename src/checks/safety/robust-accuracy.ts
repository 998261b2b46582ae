import type { CheckProblem, Outcome } from '../../domain/index.ts';
import { counted } from '../report.ts';
import type { AtEpsilon } from '../robustness/index.ts';

/** What was asked of the robust accuracy, and what came out. */
export interface Gate {
  readonly epsilon: number;
  readonly min_robust_accuracy: number;
  readonly confidence_level: number;
  readonly min_rows: number;
  /** Rows that the model classified correctly. */
  readonly correct: number;
  readonly at: readonly AtEpsilon[];
}

/** What the robust accuracy alone amounts to: the bound must reach the threshold; a value below it fails. */
export function verdictOf(gate: Gate): { readonly outcome: Outcome; readonly problem: string | null } {
  const found = atGate(gate);
  if (gate.correct < gate.min_rows || found?.robustAccuracy == null)
    return {
      outcome: 'insufficient_evidence',
      problem: `only ${counted(gate.correct, 'row')} of the reference data are classified correctly, fewer than ${gate.min_rows}`,
    };
  if (found.robustAccuracyLower >= gate.min_robust_accuracy) return { outcome: 'passed', problem: null };
  const below = found.robustAccuracy < gate.min_robust_accuracy;
  return {
    outcome: below ? 'failed' : 'insufficient_evidence',
    problem: `${told(gate, found)} ${below ? `< ${gate.min_robust_accuracy}` : `is too close to ${gate.min_robust_accuracy} for this many rows`}`,
  };
}

/** One sentence on what the attacks came to. */
export function conclusion(gate: Gate, relations: readonly CheckProblem[]): string {
  const found = atGate(gate);
  const { problem } = verdictOf(gate);
  const [broken] = relations;
  if (problem !== null) return problem;
  if (broken !== undefined) return broken.message;
  return found === undefined
    ? 'nothing was attacked'
    : `${told(gate, found)}, at least ${gate.min_robust_accuracy} needed; attacks that find nothing prove nothing`;
}

function atGate({ at, epsilon }: Gate): AtEpsilon | undefined {
  return at.find((each) => each.epsilon === epsilon);
}

function told({ confidence_level, correct }: Gate, found: AtEpsilon): string {
  const { epsilon, robustAccuracy, robustAccuracyLower, flipped } = found;
  return `robust accuracy ${rounded(robustAccuracy ?? 0)} at epsilon ${epsilon} (${flipped} of ${correct} rows turned; ${confidence_level * 100} % sure of ${rounded(robustAccuracyLower)})`;
}

function rounded(value: number): string {
  return value.toFixed(3);
}
