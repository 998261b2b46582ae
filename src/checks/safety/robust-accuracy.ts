import type { CheckProblem, Outcome } from '../../domain/index.ts';
import { counted, problem } from '../report.ts';
import type { AtEpsilon } from '../robustness/index.ts';
import { REFERENCE_DATA } from './evidence.ts';

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
export function verdictOf(gate: Gate): { readonly outcome: Outcome; readonly problem: CheckProblem | null } {
  const found = atGate(gate);
  if (gate.correct < gate.min_rows || found?.robustAccuracy == null)
    return {
      outcome: 'insufficient_evidence',
      problem: problem(
        REFERENCE_DATA,
        `only ${counted(gate.correct, 'row')} of the reference data are classified correctly, fewer than ${gate.min_rows}`,
        'submit more rows that the model classifies correctly',
      ),
    };
  if (found.robustAccuracyLower >= gate.min_robust_accuracy) return { outcome: 'passed', problem: null };
  const below = found.robustAccuracy < gate.min_robust_accuracy;
  return {
    outcome: below ? 'failed' : 'insufficient_evidence',
    problem: below
      ? problem(
          'artifact',
          `${told(gate, found)} < ${gate.min_robust_accuracy}`,
          'make the model less sensitive, for example by adversarial training, and submit the new version',
        )
      : problem(
          REFERENCE_DATA,
          `${told(gate, found)} is too close to ${gate.min_robust_accuracy} for this many rows`,
          'submit more rows, so that the interval grows narrower',
        ),
  };
}

/** One sentence on what the attacks came to. */
export function conclusion(gate: Gate, relations: readonly CheckProblem[]): string {
  const found = atGate(gate);
  const { problem: against } = verdictOf(gate);
  const [broken] = relations;
  if (against !== null) return against.message;
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
