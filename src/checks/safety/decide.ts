import { decidingOutput, type ModelContract } from './contract.ts';
import { type Answer, classesOf, columnsOf, type OutputValues } from './session.ts';

/** What the model decided on each row. */
export interface Decisions {
  /** Index of the class, in the order of the contract; -1 where it is none of them. */
  readonly labels: Int32Array;
  /** A number per class and row, higher for what is more likely; null where the model gives labels only. */
  readonly scores: Float64Array | null;
  readonly classes: number;
}

/** Reads the deciding output as the contract says. */
export function decisionsOf(contract: ModelContract, answer: Answer, count: number): Decisions {
  const output = decidingOutput(contract);
  const given = answer.get(output.name);
  if (given === undefined) throw new Error(`the model gave no output ${output.name}`);
  const classes = classesOf(output);
  if (output.kind === 'label')
    return { labels: labelsIn(given, classes, count), scores: null, classes: classes.length };
  const scores = scoresIn(given, classes.length, count, output.kind === 'logit' ? 0 : 1);
  return {
    labels: likeliest(scores, classes.length, count, contract.decision.threshold),
    scores,
    classes: classes.length,
  };
}

function labelsIn({ values }: OutputValues, classes: readonly string[], count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => classes.indexOf(String(values[row])));
}

/** A single column speaks of the second class: the first has the rest of the probability, or the negated logit. */
function scoresIn(given: OutputValues, classes: number, count: number, whole: 0 | 1): Float64Array {
  const values = given.values as Float64Array;
  if (columnsOf(given) === classes) return values;
  if (columnsOf(given) !== 1 || classes !== 2)
    throw new Error(`the output has ${columnsOf(given)} columns for ${classes} classes`);
  const scores = new Float64Array(count * 2);
  for (let row = 0; row < count; row++) {
    const second = values[row] ?? Number.NaN;
    scores[row * 2] = whole - second;
    scores[row * 2 + 1] = second;
  }
  return scores;
}

function likeliest(
  scores: Float64Array,
  classes: number,
  count: number,
  threshold: number | undefined,
): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    if (own.some(Number.isNaN)) return -1;
    if (threshold !== undefined && classes === 2) return (own[1] ?? 0) >= threshold ? 1 : 0;
    return own.indexOf(Math.max(...own));
  });
}
